import { describe, expect, it } from 'vitest';
import { type Fields, fieldsOf, mapperOf, reading, toSparseDto } from './fields.js';

interface Host {
  id: string;
  name: string;
  owner: string | null;
  bornAt: Date;
  sealed: string;
}
const { same, time, from } = fieldsOf<Host>();
const fields: Fields<Host, { id: string; title: string; born_at: string; secret: string }> = {
  id: same('id'),
  title: from(['name', 'owner'], ({ name, owner }) => `${name} of ${owner ?? 'nobody'}`),
  born_at: time('bornAt'),
  secret: from([], () => '***'),
};
const host: Host = {
  id: '1',
  name: 'web-1',
  owner: null,
  bornAt: new Date('2026-01-31T12:00:00Z'),
  sealed: 'x',
};
const whole = { id: '1', title: 'web-1 of nobody', born_at: '2026-01-31T12:00:00.000Z', secret: '***' };

describe('sparse fieldsets', () => {
  it('answer the fields that are named, or all when none are', () => {
    expect(toSparseDto(host, fields, 'title, id')).toEqual({ id: '1', title: 'web-1 of nobody' });
    expect(toSparseDto(host, fields, '')).toEqual(whole);
    expect(toSparseDto(host, fields, undefined)).toEqual(whole);
    expect(mapperOf(fields)(host)).toEqual(whole);
  });

  it('read what the wanted fields are made from, and never what no field shows', () => {
    expect([...reading(fields, { fields: 'title' }).reads]).toEqual(['name', 'owner']);
    expect([...reading(fields, { fields: 'secret' }).reads]).toEqual([]);
    expect([...reading(fields, {}).reads]).toEqual(['id', 'name', 'owner', 'bornAt']);
  });

  it('refuse fields that do not exist, those of every object included', () => {
    for (const field of ['sealed', 'constructor', '__proto__', 'toString', 'id,,title']) {
      const refused: unknown = expect.objectContaining({ code: 'validation' });
      expect(() => reading(fields, { fields: field })).toThrowError(refused);
      expect(() => toSparseDto(host, fields, field)).toThrowError(refused);
    }
  });
});
