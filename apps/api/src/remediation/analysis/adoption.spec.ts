import { describe, expect, it } from 'vitest';
import { adoptionOf, countAdoption } from './adoption.js';

const at = new Date('2026-01-01T10:00:00Z');
const recommended = { alertId: 'alert', provider: 'model', runbookId: 'right', at };
const run = (changes: object = {}) => ({
  alertId: 'alert',
  runbookId: 'right',
  askedAt: new Date('2026-01-01T10:05:00Z'),
  status: 'succeeded',
  began: true,
  ...changes,
});

describe('a recommendation', () => {
  it('is adopted when its runbook is run after it, however the run ends', () => {
    expect(adoptionOf(recommended, [run()])).toBe('adopted');
    expect(adoptionOf(recommended, [run({ status: 'failed' }), run({ runbookId: 'wrong' })])).toBe('adopted');
  });

  it('has no part in what was asked for before it', () => {
    expect(adoptionOf(recommended, [run({ askedAt: new Date('2026-01-01T09:00:00Z') })])).toBe('none');
  });

  it('is not adopted by a run that nobody let begin', () => {
    expect(adoptionOf(recommended, [run({ status: 'awaiting_approval', began: false })])).toBe('waiting');
    expect(adoptionOf(recommended, [run({ status: 'rejected', began: false })])).toBe('rejected');
    expect(adoptionOf(recommended, [run({ status: 'cancelled', began: false })])).toBe('rejected');
    expect(adoptionOf(recommended, [run({ runbookId: 'wrong', status: 'rejected', began: false })])).toBe(
      'none',
    );
  });

  it('is passed over when another runbook is run instead', () => {
    expect(adoptionOf(recommended, [run({ runbookId: 'wrong' })])).toBe('other_runbook');
  });

  it('is counted with its provider, by the runs of its own alert', () => {
    const counts = countAdoption([recommended, { ...recommended, alertId: 'unheard' }], [run()]);
    expect(counts.filter(({ count }) => count > 0)).toEqual([
      { provider: 'model', outcome: 'adopted', count: 1 },
      { provider: 'model', outcome: 'none', count: 1 },
    ]);
    expect(counts).toHaveLength(5);
  });
});
