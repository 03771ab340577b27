import type { Matcher } from '@aiops/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, matcherHolds, matchersHold, matchSubject, PatternError } from './matchers.js';

const matcher = (op: Matcher['op'], value: string, name = 'host'): Matcher => ({ name, op, value });

describe('a matcher', () => {
  it.each([
    ['=', 'prod-1', 'prod-1', true],
    ['=', 'prod-1', 'prod-10', false],
    ['!=', 'prod-1', 'prod-10', true],
    ['=~', 'prod-1', 'prod-10', false],
    ['=~', 'prod-1', 'xprod-1', false],
    ['=~', 'prod-.*', 'prod-10', true],
    ['=~', 'a|b', 'ab', false],
    ['!~', 'prod-.*', 'test-1', true],
    ['=~', 'a.b', 'a\nb', true],
  ] as const)('%s "%s" on "%s" is %s: patterns cover the whole value', (op, value, label, holds) => {
    expect(matcherHolds(matcher(op, value), { host: label })).toBe(holds);
  });

  it('takes a label that is not there for empty, as Alertmanager does', () => {
    expect(matcherHolds(matcher('=', ''), {})).toBe(true);
    expect(matcherHolds(matcher('!~', '.+'), {})).toBe(true);
    expect(matcherHolds(matcher('=', '', 'toString'), {})).toBe(true);
  });

  it('cannot be made to hang by a pattern that would backtrack for ever', () => {
    expect(matcherHolds(matcher('=~', '(a+)+$'), { host: `${'a'.repeat(50_000)}!` })).toBe(false);
  });

  it('says what is wrong with a pattern', () => {
    expect(() => compilePattern('a(b')).toThrow(PatternError);
    expect(() => compilePattern('(?=a)')).toThrow(PatternError);
  });

  it('is the opposite of its negation, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, label) => {
        expect(matcherHolds(matcher('=', value), { host: label })).toBe(
          !matcherHolds(matcher('!=', value), { host: label }),
        );
      }),
    );
  });

  it('must hold together with the others, on labels and on name, severity and source', () => {
    const subject = matchSubject({
      alertName: 'Down',
      severity: 'critical',
      source: 'prometheus',
      labels: { host: 'a' },
    });
    expect(
      matchersHold(
        [matcher('=', 'Down', 'alertname'), matcher('=', 'critical', 'severity'), matcher('=', 'a')],
        subject,
      ),
    ).toBe(true);
    expect(matchersHold([matcher('=', 'Down', 'alertname'), matcher('=', 'b')], subject)).toBe(false);
  });
});
