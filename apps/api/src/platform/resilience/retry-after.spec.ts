import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const now = Date.UTC(2026, 2, 1, 12, 0, 0);

describe('retryAfterMs', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    [['7', '9'], 7000],
  ])('reads %j', (header, wanted) => {
    expect(retryAfterMs(header, now)).toBe(wanted);
  });

  it.each([undefined, null, '', 'soon', '-3', '1.5', '1e3', 'Wed, 99 Foo 2026', '9'.repeat(40)])(
    'takes %j for none',
    (header) => {
      expect(retryAfterMs(header, now)).toBeUndefined();
    },
  );

  it('never asks for a negative or unknown time, whatever a server sends', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (text) => {
          const wait = retryAfterMs(text, now) ?? 0;
          expect(Number.isFinite(wait) && wait >= 0).toBe(true);
        },
      ),
    );
  });
});
