import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeBatch } from './take-batch.js';

const request = (name: string, ...fingerprints: string[]) => ({
  name,
  deliveries: fingerprints.map((fingerprint) => ({ fingerprint })),
});
const names = (requests: { name: string }[]): string => requests.map(({ name }) => name).join('');

const plenty = { alerts: 10, requests: 10 };

describe('takeBatch', () => {
  it('takes all that waits up to its limit of alerts, oldest first', () => {
    const { batch, rest } = takeBatch(
      [request('a', '1', '2'), request('b', '3'), request('c', '4')],
      new Set(),
      { alerts: 3, requests: 9 },
    );
    expect([names(batch), names(rest)]).toEqual(['ab', 'c']);
  });

  it('takes a request that is larger than the limit when it is the first', () => {
    const { batch, rest } = takeBatch([request('a', '1', '2', '3'), request('b', '4')], new Set(), {
      alerts: 2,
      requests: 9,
    });
    expect([names(batch), names(rest)]).toEqual(['a', 'b']);
  });

  it('takes no more requests than it may, however small they are', () => {
    const limit = { alerts: 9, requests: 2 };
    const { batch, rest } = takeBatch([request('a'), request('b', '1'), request('c', '2')], new Set(), limit);
    expect([names(batch), names(rest)]).toEqual(['ab', 'c']);
  });

  it('leaves an alert that another transaction holds, and lets others pass', () => {
    const { batch, rest } = takeBatch([request('a', '1'), request('b', '2')], new Set(['1']), plenty);
    expect([names(batch), names(rest)]).toEqual(['b', 'a']);
  });

  it('never lets a later word about an alert overtake an earlier one', () => {
    const size = fc.integer({ min: 1, max: 8 });
    const fingerprint = fc.constantFrom('1', '2', '3', '4', '5');
    const requests = fc.array(fc.array(fingerprint, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        requests,
        fc.uniqueArray(fingerprint),
        fc.record({ alerts: size, requests: size }),
        (all, held, limit) => {
          const waiting = all.map((fingerprints, at) => ({ ...request(String(at), ...fingerprints), at }));
          const { batch, rest } = takeBatch(waiting, new Set(held), limit);
          expect([...batch, ...rest].map(({ at }) => at).toSorted((a, b) => a - b)).toEqual(
            waiting.map(({ at }) => at),
          );
          for (const taken of batch) {
            for (const { fingerprint: one } of taken.deliveries) {
              expect(held).not.toContain(one);
              const earlier = rest
                .filter((left) => left.at < taken.at)
                .flatMap(({ deliveries }) => deliveries);
              expect(earlier.map((left) => left.fingerprint)).not.toContain(one);
            }
          }
        },
      ),
    );
  });
});
