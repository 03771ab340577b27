import { describe, expect, it } from 'vitest';
import { failedQuery, failedSearch, isFiltered, toLocalInput } from './search';

const now = Date.UTC(2026, 10, 25, 12);

describe('the address of the failed operations', () => {
  it('is read without what does not belong there', () => {
    expect(failedSearch({ status: 'lost', since: 'ever', from: 'noon', page: '1', q: '', x: 1 })).toEqual({});
    const read = failedSearch({ status: 'all', since: 'between', from: '2026-11-25T10:00:00Z', page: 3 });
    expect(read).toEqual({ status: 'all', since: 'between', from: '2026-11-25T10:00:00.000Z', page: 3 });
  });

  it('asks for what nobody has handled, unless it says otherwise', () => {
    expect(failedQuery({}, now)).toEqual({ status: 'failed' });
    expect(failedQuery({ status: 'all', operation: 'a' }, now)).toEqual({ operation: 'a' });
    expect(isFiltered({ page: 2 })).toBe(false);
    expect(isFiltered({ since: 'day' })).toBe(true);
  });

  it('turns spans into times, and takes times only when it shall', () => {
    expect(failedQuery({ since: 'hour', to: '2020-01-01T00:00:00.000Z' }, now)).toEqual({
      status: 'failed',
      from: '2026-11-25T11:00:00.000Z',
    });
    const between = { since: 'between', from: '2026-11-24T00:00:00.000Z' } as const;
    expect(failedQuery(between, now)).toEqual({ status: 'failed', from: between.from });
  });

  it('shows times in the zone of the reader', () => {
    const shown = toLocalInput('2026-11-25T10:30:00.000Z');
    expect(new Date(shown).toISOString()).toBe('2026-11-25T10:30:00.000Z');
    expect(toLocalInput(undefined)).toBe('');
  });
});
