import { describe, expect, it } from 'vitest';
import { pickFields } from './fields.js';

const items = [
  { id: '1', name: 'a', note: null },
  { id: '2', name: 'b', note: 'n' },
];
const known = ['id', 'name', 'note'];

describe('pickFields', () => {
  it('keeps the wanted fields, or all when none are named', () => {
    expect(pickFields(items, 'id, note', known)).toEqual([
      { id: '1', note: null },
      { id: '2', note: 'n' },
    ]);
    expect(pickFields(items, undefined, known)).toEqual(items);
    expect(pickFields(items, '', known)).toEqual(items);
  });

  it('refuses fields that do not exist, those of every object included', () => {
    for (const field of ['secret', 'constructor', '__proto__', 'toString', 'id,,name']) {
      expect(() => pickFields(items, field, known)).toThrowError(
        expect.objectContaining({ code: 'validation' }),
      );
    }
  });
});
