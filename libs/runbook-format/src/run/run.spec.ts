import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatchableTarget } from '../model/api.js';
import type { CommandStep, ParameterDefinition, Trigger } from '../model/runbook.js';
import { matchGlob } from '../rules/glob.js';
import { bindParameters } from './bind-parameters.js';
import { checkExpectation, checkHttpExpectation } from './check-expectation.js';
import { matchTargets } from './match-targets.js';
import { matchTrigger } from './match-trigger.js';
import { retryDelayMs } from './retry-delay.js';

const parameter = (fields: Partial<ParameterDefinition>): ParameterDefinition => ({
  name: 'p',
  description: '',
  type: 'string',
  required: false,
  default: null,
  from: null,
  pattern: null,
  minimum: null,
  maximum: null,
  values: [],
  ...fields,
});
const bind = (
  fields: Partial<ParameterDefinition>,
  given: Record<string, unknown>,
  labels: Record<string, string> = {},
): unknown => {
  const { values, errors } = bindParameters({ parameters: [parameter(fields)] }, given, { labels });
  return errors.length > 0 ? errors.map((error) => `${error.field} ${error.message}`).join() : values['p'];
};

describe('binding parameters', () => {
  it('takes the given value, else the template, else the default', () => {
    const fields = { from: '{{ labels.a }}', default: 'd' };
    expect([
      bind(fields, { p: 'g' }, { a: 'l' }),
      bind(fields, {}, { a: 'l' }),
      bind(fields, {}, { a: '' }),
      bind(fields, {}),
    ]).toEqual(['g', 'l', 'd', 'd']);
    expect(bind({}, {})).toBeUndefined();
    expect(bind({ required: true, from: '{{ labels.a }}' }, {})).toMatch(/^parameters\.p is required/);
  });

  it('brings text to the type and refuses what does not fit', () => {
    expect(bind({ type: 'integer' }, {}, {})).toBeUndefined();
    expect(bind({ type: 'integer', from: '{{ labels.a }}' }, {}, { a: '12' })).toBe(12);
    expect(bind({ type: 'integer' }, { p: 1.5 })).toMatch(/whole number/);
    expect(bind({ type: 'integer' }, { p: '1e3' })).toMatch(/whole number/);
    expect(bind({ type: 'number' }, { p: '-1.5' })).toBe(-1.5);
    expect(bind({ type: 'number' }, { p: Infinity })).toMatch(/number/);
    expect(bind({ type: 'boolean' }, { p: 'true' })).toBe(true);
    expect(bind({ type: 'boolean' }, { p: 'yes' })).toMatch(/true or false/);
    expect(bind({ type: 'enum', values: ['a'] }, { p: 'b' })).toMatch(/one of a/);
    expect(bind({ type: 'duration', maximum: 60_000 }, { p: '30s' })).toBe('30s');
    expect(bind({ type: 'duration', maximum: 60_000 }, { p: '2m' })).toMatch(/60000ms or less/);
    expect(bind({ type: 'integer', minimum: 0 }, { p: -1 })).toMatch(/0 or more/);
    expect(bind({ type: 'string' }, { p: { a: 1 } })).toMatch(/text/);
  });

  it('matches a pattern over the whole value, line breaks and all', () => {
    const pattern = '^[a-z]+$';
    expect(bind({ pattern }, { p: 'nginx' })).toBe('nginx');
    for (const p of ['nginx\n', 'nginx; x', '\nnginx', ''])
      expect(bind({ pattern }, { p })).toMatch(/must match/);
    expect(bind({ pattern: 'a|b' }, { p: 'ab' })).toMatch(/must match/);
  });

  it('answers a pattern made to explode in no time', () => {
    expect(bind({ pattern: '(a+)+$' }, { p: `${'a'.repeat(20_000)}!` })).toMatch(/must match/);
  });

  it('reports names that are not parameters', () => {
    expect(
      bindParameters({ parameters: [parameter({ name: 'service' })] }, { servce: 1 }, {}).errors,
    ).toEqual([{ field: 'parameters.servce', message: 'unknown parameter; did you mean "service"?' }]);
  });
});

const trigger: Trigger = {
  alertName: 'Service*',
  labels: { env: 'prod-1', job: '*' },
  minDurationMs: 60_000,
  minOccurrences: 3,
};
const facts = {
  alertName: 'ServiceDown',
  labels: { env: 'prod-1', job: 'x' },
  firedForMs: 60_000,
  occurrences: 3,
};

describe('matching a trigger', () => {
  it('needs every condition, and says which one does not hold', () => {
    expect(matchTrigger(trigger, facts).matches).toBe(true);
    expect(matchTrigger(trigger, { ...facts, labels: { env: 'prod-10' } })).toEqual({
      matches: false,
      reasons: ['label env=prod-10 does not match prod-1', 'the alert has no label job'],
    });
    expect(matchTrigger(trigger, { ...facts, firedForMs: 59_999 }).reasons).toEqual([
      'fired for 59999 ms, less than 60000 ms',
    ]);
    expect(matchTrigger(trigger, { ...facts, occurrences: 2 }).reasons).toEqual([
      'came 2 times, fewer than 3',
    ]);
    expect(matchTrigger({ ...trigger, alertName: 'Down' }, facts).matches).toBe(false);
    expect(matchTrigger({ ...trigger, labels: { toString: '*' } }, facts).matches).toBe(false);
  });

  it('matches globs over the whole name, as a regular expression would', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', '.', '\n'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    const globs = fc
      .array(fc.constantFrom('a', 'b', '.', '*', '?'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(globs, letters, (glob, name) => {
        const pattern = glob.replaceAll('.', '\\.').replaceAll('*', '[^]*').replaceAll('?', '[^]');
        expect(matchGlob(glob, name)).toBe(new RegExp(`^${pattern}$`).test(name));
      }),
      { numRuns: 2_000 },
    );
    expect(matchGlob('prod-1', 'prod-10')).toBe(false);
    expect(matchGlob('*a'.repeat(50), 'a'.repeat(5_000) + 'b')).toBe(false);
  });
});

describe('matching targets', () => {
  const targets: MatchableTarget[] = [
    { name: 'web-1', host: '10.0.0.1', labels: { role: 'web', zone: 'a' } },
    { name: 'web-10', host: 'Web-10.example', labels: { role: 'web' } },
    { name: 'v6', host: '::1', labels: {} },
  ];
  const names = (
    selector: Parameters<typeof matchTargets>[0],
    labels: Record<string, string> = {},
  ): string[] => matchTargets(selector, targets, labels).map((target) => target.name);

  it('finds them by name, by labels and by the label of the alert', () => {
    expect(names({ by: 'names', names: ['web-10', 'web-1', 'web-10', 'nope'] })).toEqual(['web-10', 'web-1']);
    expect(names({ by: 'labels', labels: { role: 'web' } })).toEqual(['web-1', 'web-10']);
    expect(names({ by: 'labels', labels: { role: 'w*', zone: '?' } })).toEqual(['web-1']);
    const from = { by: 'from_label', label: 'instance' } as const;
    expect(names(from, { instance: 'web-1:9100' })).toEqual(['web-1']);
    expect(names(from, { instance: 'web-10.EXAMPLE:9100' })).toEqual(['web-10']);
    expect(names(from, { instance: '10.0.0.1' })).toEqual(['web-1']);
    expect(names(from, { instance: '[::1]:9100' })).toEqual(['v6']);
    expect(names(from, { instance: '' })).toEqual([]);
    expect(names(from)).toEqual([]);
  });
});

describe('checking a result', () => {
  const check = (
    expectedOutput: CommandStep['expectedOutput'],
    stdout: string,
    exitCode: number | null = 0,
  ): boolean =>
    checkExpectation({ expectedOutput, expectedExitCodes: [0] }, { stdout, stderr: '', exitCode }).ok;

  it('compares trimmed text, patterns and JSON members', () => {
    expect(check({ kind: 'text', text: 'active' }, ' active\n')).toBe(true);
    expect(check({ kind: 'text', text: 'active' }, 'inactive')).toBe(false);
    expect(check({ kind: 'matches', pattern: '^act' }, '\nactive')).toBe(true);
    expect(check({ kind: 'matches', pattern: '^act' }, 'inactive')).toBe(false);
    expect(
      check({ kind: 'json', json: { a: { b: [1, { c: null }] } } }, '{"a":{"b":[1,{"c":null,"d":1}]},"x":1}'),
    ).toBe(true);
    expect(check({ kind: 'json', json: { a: [1] } }, '{"a":[1,2]}')).toBe(false);
    expect(check({ kind: 'json', json: { a: null } }, '{}')).toBe(false);
    expect(check({ kind: 'json', json: {} }, 'no json')).toBe(false);
  });

  it('wants the exit code too, and says what came instead', () => {
    expect(check(null, '', 1)).toBe(false);
    expect(check(null, '', null)).toBe(false);
    expect(
      checkExpectation(
        { expectedOutput: { kind: 'json', json: { a: 1 } }, expectedExitCodes: [0, 3] },
        { stdout: '{"a":2}', stderr: '', exitCode: 4 },
      ).reasons,
    ).toEqual(['exit code 4, expected 0 or 3', '$.a is "2", expected 1']);
  });

  it('checks an HTTP answer', () => {
    const any = { status: null, json: null, matches: null };
    expect(checkHttpExpectation(any, { status: 204, body: '' }).ok).toBe(true);
    expect(checkHttpExpectation(any, { status: 302, body: '' }).reasons).toEqual([
      'status 302, expected 200 to 299',
    ]);
    expect(
      checkHttpExpectation(
        { status: [404], json: { a: 1 }, matches: 'x' },
        { status: 404, body: '{"a":1,"b":"x"}' },
      ).ok,
    ).toBe(true);
  });
});

describe('waiting between tries', () => {
  it('doubles up to five minutes, and ends after the last try', () => {
    const retries = { attempts: 12, delayMs: 2_000, backoff: 'exponential' as const };
    expect([1, 2, 3, 11, 12].map((failed) => retryDelayMs(retries, failed))).toEqual([
      2_000,
      4_000,
      8_000,
      300_000,
      null,
    ]);
    expect(retryDelayMs({ ...retries, backoff: 'fixed' }, 5)).toBe(2_000);
  });
});
