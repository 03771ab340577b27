import { describe, expect, it } from 'vitest';
import { PreparedNames } from './prepared-names.js';

const times = (names: PreparedNames, text: string, count: number): (string | null)[] =>
  Array.from({ length: count }, () => names.of(text));

describe('the names of prepared statements', () => {
  it('are given from the fifth time on, and stay', () => {
    const names = new PreparedNames();
    expect(times(names, 'SELECT $1', 7)).toEqual([null, null, null, null, 'aiops_1', 'aiops_1', 'aiops_1']);
    expect(times(names, 'SELECT $2', 5).at(-1)).toBe('aiops_2');
  });

  it('are a hundred at most, and those that were given still count', () => {
    const names = new PreparedNames();
    const last = Array.from({ length: 150 }, (_, at) => times(names, `SELECT ${at}`, 6).at(-1));
    expect(last.filter((name) => name !== null)).toHaveLength(100);
    expect(names.of('SELECT 7')).toBe('aiops_8');
  });

  it('are not used up by statements that come once', () => {
    const names = new PreparedNames();
    for (let at = 0; at < 5000; at += 1) names.of(`SELECT ${at}`);
    expect(times(names, 'SELECT again', 5).at(-1)).toBe('aiops_1');
  });
});
