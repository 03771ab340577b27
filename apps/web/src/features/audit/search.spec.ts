import { describe, expect, it } from 'vitest';
import { auditSearch, filterOf, isFiltered } from './search';

describe('the address of the audit log', () => {
  it('keeps what belongs there and leaves out the rest', () => {
    const search = {
      action: 'target.updated',
      outcome: 'eaten',
      kind: 'target',
      page: '2',
      from: 'soon',
      odd: 1,
    };
    const read = auditSearch(search);
    expect(Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))).toEqual({
      action: 'target.updated',
      kind: 'target',
    });
  });

  it('takes days to be whole ones where the reader is, the last one included', () => {
    const { from, to } = filterOf({ from: '2026-03-01', to: '2026-03-01' });
    expect(new Date(from ?? '')).toEqual(new Date(2026, 2, 1));
    expect(new Date(to ?? '')).toEqual(new Date(2026, 2, 2));
  });

  it('is no filter when only an entry is open', () => {
    expect(isFiltered({ entry: 'x' })).toBe(false);
    expect(isFiltered({ actor: 'ana' })).toBe(true);
  });
});
