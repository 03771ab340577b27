import { describe, expect, it } from 'vitest';
import { makeDelivery } from './delivery.fixture.js';
import { foldDeliveries, type FoldedEpisode, type StoredEpisode } from './fold-deliveries.js';
import type { Delivery } from './delivery.js';

const now = new Date('2026-01-31T12:10:00Z');
const settings = { reopenWindowMs: 300_000 };

function fold(
  deliveries: Delivery[],
  stored: StoredEpisode[] = [],
  reopenWindowMs = settings.reopenWindowMs,
) {
  let count = 0;
  return foldDeliveries(deliveries, stored, now, { reopenWindowMs }, () => `id-${(count += 1)}`);
}
const asStored = (folded: FoldedEpisode | undefined): StoredEpisode => {
  if (folded === undefined) throw new Error('nothing was folded');
  return { id: folded.id, fingerprint: folded.fingerprint, ...folded.episode };
};
const kinds = (folded: FoldedEpisode[]) => folded.map((one) => one.changes);

describe('foldDeliveries', () => {
  it('stores one row for an alert that a batch names many times', () => {
    const folded = fold(Array.from({ length: 50 }, () => makeDelivery()));
    expect(folded).toHaveLength(1);
    expect(folded[0]).toMatchObject({
      firstStatus: 'firing',
      changes: ['opened'],
      episode: { occurrences: 50 },
    });
    expect(folded[0]?.lines).toEqual([]);
  });

  it('tells every transition in order, and a repeat only when there is none', () => {
    const firing = makeDelivery();
    const over = makeDelivery({ status: 'resolved', endsAt: now });
    expect(kinds(fold([firing, firing, over, firing]))).toEqual([['opened', 'resolved', 'reopened']]);
    const stored = asStored(fold([firing])[0]);
    expect(kinds(fold([firing, firing], [stored]))).toEqual([['repeated']]);
    expect(kinds(fold([firing, makeDelivery({ annotations: { value: '1' } }), firing], [stored]))).toEqual([
      ['updated'],
    ]);
    expect(kinds(fold([firing, over], [stored]))).toEqual([['resolved']]);
  });

  it('writes the text of an alert only when it changed', () => {
    const stored = asStored(fold([makeDelivery()])[0]);
    expect(fold([makeDelivery()], [stored])[0]?.content).toBeNull();
    const changed = makeDelivery({ annotations: { value: '1' } });
    expect(fold([changed], [stored])[0]?.content).toEqual(changed);
  });

  it('keeps alerts of different labels apart', () => {
    const other = makeDelivery({ labels: { alertname: 'HighCPU', instance: 'web-2:9100' } });
    expect(fold([makeDelivery(), other])).toHaveLength(2);
  });

  it('makes two episodes of one batch when nothing is reopened', () => {
    const late = new Date(now.getTime() - 60_000);
    const folded = fold(
      [makeDelivery(), makeDelivery({ status: 'resolved', endsAt: late }), makeDelivery()],
      [],
      0,
    );
    expect(folded.map((one) => one.episode.status)).toEqual(['resolved', 'firing']);
    expect(new Set(folded.map((one) => one.id)).size).toBe(2);
  });

  it('never calls what was over before it was heard of an opened alert', () => {
    expect(kinds(fold([makeDelivery({ status: 'resolved', endsAt: now })]))).toEqual([['updated']]);
  });
});
