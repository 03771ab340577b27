import { describe, expect, it } from 'vitest';
import { alertQuery, alertSearch } from './search';

describe('the address of the alert list', () => {
  it('keeps what belongs there and leaves out the rest', () => {
    expect(alertSearch({ view: 'resolved', q: 'disk', page: '3', evil: '<script>' })).toEqual({
      view: 'resolved',
      q: 'disk',
      page: 3,
      severity: undefined,
      label: undefined,
    });
    expect(alertSearch({ view: 'nonsense', page: '-1' })).toMatchObject({ view: undefined, page: undefined });
  });

  it('asks for what needs attention unless told otherwise', () => {
    expect(alertQuery({})).toMatchObject({ status: 'firing,acknowledged', page: 1 });
  });

  it('asks for one label, whose value may hold an equals sign', () => {
    expect(alertQuery({ label: 'path=/a=b' })).toMatchObject({ 'label.path': '/a=b' });
  });
});
