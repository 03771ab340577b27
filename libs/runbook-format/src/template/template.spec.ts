import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TemplateScope } from '../model/scope.js';
import { hostileText } from '../shell/hostile-values.test-data.js';
import { evaluateCondition, planCondition } from './condition.js';
import { TemplateError } from './error.js';
import { renderHeader, renderJson, renderText } from './render.js';
import { secretNames } from './template.js';
import { renderUrl } from './url.js';

const scope: TemplateScope = {
  alert: { alert_name: 'Down', occurrences: 3 },
  labels: { instance: 'web-1:9100', v6: '[::1]:9100', 'a.b/c': 'dotted', empty: '', n: '10' },
  parameters: { count: 5, flag: true, wait: '90s', absent: undefined },
  steps: { pid: { stdout: ' 42\n', exit_code: 0, json: { items: [{ id: 7 }], none: null } } },
  secrets: { token: 'hunter2' },
};
const text = (template: string): string => renderText(template, scope).text;

describe('a template', () => {
  it.each([
    ['a {{ labels.n }} b', 'a 10 b'],
    ['{{labels.instance|host}}', 'web-1'],
    ['{{ labels.v6 | host }}', '::1'],
    ['{{ labels["a.b/c"] | upper }}', 'DOTTED'],
    ['{{ steps.pid.stdout | trim }}', '42'],
    ['{{ steps.pid.json.items[0].id }}', '7'],
    ['{{ steps.pid.json | json }}', '{"items":[{"id":7}],"none":null}'],
    ['{{ steps.pid.json.none | default: "x" }}', 'x'],
    ['{{ labels.nope | default: labels.n }}', '10'],
    ['{{ labels.nope | trim | upper | default: "x" }}', 'x'],
    ['{{ labels.empty | default: "x" }}', ''],
    ['{{ labels.instance | split: ":" | last }}', '9100'],
    ['{{ labels.instance | replace: "-", "$&" }}', 'web$&1:9100'],
    ['{{ parameters.wait | seconds }}', '90'],
    ['{{ "}}" }}{{ \'{{\' }}', '}}{{'],
    ['{{ "\\n\\"" }}', '\n"'],
    ['no holes } }', 'no holes } }'],
  ])('renders %s', (template, expected) => {
    expect(text(template)).toBe(expected);
  });

  it.each([
    ['a {{ labels.nope }}', 5, /labels\.nope has no value/],
    ['{{ labels.nope | trim }}', 15 + 2, /labels\.nope has no value/],
    ['{{ labels.constructor }}', 3, /no value/],
    ['{{ labels.__proto__ }}', 3, /no value/],
    ['{{ parameters.absent }}', 3, /no value/],
    ['{{ steps.pid.json }}', 0, /an object.*json/],
    ['{{ labels.n', 0, /never closed/],
    ['{{ }}', 0, /nothing stands/],
    ['{{ .Names }}', 3, /print braces/],
    ['{{ labels.n | lowercase }}', 14, /lower/],
    ['{{ labels.n | lower: 1 }}', 14, /no argument/],
    ['{{ labels.n | replace: "a" }}', 14, /2 arguments/],
    ['{{ labels.n + 1 }}', 12, /unexpected/],
    ['{{ "a }}', 0, /never closed/],
    ['{{ labels.n == 1 }}', 12, /unexpected/],
  ])('refuses %s with its place', (template, offset, message) => {
    const error = ((): unknown => {
      try {
        return text(template);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(TemplateError);
    expect(error).toMatchObject({ offset, message: expect.stringMatching(message) as string });
  });

  it('masks secrets, also when filters change them', () => {
    expect(renderText('a {{ secrets.token | upper }}', scope)).toEqual({
      text: 'a HUNTER2',
      masked: 'a ***',
      unknown: [],
    });
    expect(secretNames('{{ secrets.token }}{{ labels.a | default: secrets.b }}')).toEqual(['token', 'b']);
  });

  it('shows in a plan what is not known, and never looks at secrets', () => {
    expect(
      renderText('{{ secrets.token }} {{ steps.later.stdout | trim }} {{ steps.pid.stdout | trim }}', scope, {
        plan: true,
      }),
    ).toEqual({
      text: '‹secrets.token› ‹steps.later.stdout | trim› 42',
      masked: '‹secrets.token› ‹steps.later.stdout | trim› 42',
      unknown: ['steps.later.stdout'],
    });
  });
});

describe('a JSON body', () => {
  it('keeps the type of a value that stands alone, and renders keys as they are', () => {
    expect(
      renderJson(
        {
          n: '{{ parameters.count }}',
          s: 'x{{ parameters.count }}',
          l: [true, '{{ steps.pid.json.items }}'],
          k: { '{{ a }}': null },
        },
        scope,
      ).text,
    ).toEqual({
      n: 5,
      s: 'x5',
      l: [true, [{ id: 7 }]],
      k: { '{{ a }}': null },
    });
    expect(renderJson(['{{ secrets.token }}'], scope).masked).toEqual(['***']);
  });
});

describe('a header', () => {
  it('takes no value with a line break', () => {
    expect(() => renderHeader('Bearer {{ steps.pid.stdout }}', scope)).toThrow(/line break/);
    expect(renderHeader('Bearer {{ secrets.token }}', scope)).toEqual({
      text: 'Bearer hunter2',
      masked: 'Bearer ***',
      unknown: [],
    });
  });
});

describe('a url', () => {
  it('keeps every value inside its part', () => {
    fc.assert(
      fc.property(hostileText, (v) => {
        const url = new URL(
          renderUrl('https://a.example/x{{ labels.v }}/y?q={{ labels.v }}&z=1#f', { labels: { v } }).text,
        );
        const whole = v.replace(/\p{Surrogate}/gu, '\ufffd');
        expect([url.host, url.searchParams.get('q'), url.searchParams.get('z'), url.hash]).toEqual([
          'a.example',
          whole,
          '1',
          '#f',
        ]);
        expect(decodeURIComponent(url.pathname)).toBe(`/x${whole}/y`);
      }),
      { numRuns: 300 },
    );
  });

  it('takes a host only as a host, and never climbs', () => {
    expect(renderUrl('https://{{ labels.instance }}/a', scope).text).toBe('https://web-1:9100/a');
    expect(() => renderUrl('https://{{ labels.h }}/a', { labels: { h: 'evil.example/x?' } })).toThrow(
      /no host name/,
    );
    expect(() => renderUrl('https://{{ labels.h }}/a', { labels: { h: 'me@evil.example' } })).toThrow(
      /no host name/,
    );
    expect(() => renderUrl('{{ labels.h }}/a', { labels: { h: 'https://a' } })).toThrow(/starts with http/);
    for (const v of ['.', '..'])
      expect(() => renderUrl('https://a/{{ labels.v }}/b', { labels: { v } })).toThrow(/lead elsewhere/);
    expect(() => renderUrl('https://a/.{{ labels.v }}/b', { labels: { v: '.' } })).toThrow(/lead elsewhere/);
  });
});

describe('a condition', () => {
  it.each([
    ['parameters.count > 4', true],
    ['parameters.count >= 5 and not (parameters.count != 5)', true],
    ['labels.n > 9', true],
    ['labels.n == 10', true],
    ['"10" < "9"', true],
    ['parameters.flag', true],
    ['parameters.flag == "true"', true],
    ['not parameters.flag or steps.pid.exit_code == 0', true],
    ['labels.nope | default: "x" == "x"', true],
    ['labels.instance | host == "web-1"', true],
    ['true or labels.nope == 1', true],
    ['false and labels.nope == 1', false],
    ['steps.pid.stdout | trim == "43"', false],
    ['labels.n <= 9.5', false],
  ])('%s is %s', (expression, expected) => {
    expect(evaluateCondition(expression, scope)).toBe(expected);
  });

  it.each([
    ['labels.nope == 1', /no value/],
    ['labels.n', /not true or false/],
    ['labels.instance > 5', /two numbers or two texts/],
    ['1 < 2 < 3', /chained/],
    ['(1 == 1', /expected "\)"/],
    ['', /expected a name/],
    ['process.exit()', /unexpected/],
    ['('.repeat(200), /too deeply/],
  ])('%s is refused', (expression, message) => {
    expect(() => evaluateCondition(expression, scope)).toThrow(message);
  });

  it('is unknown in a plan while it depends on a step that has not run', () => {
    expect(planCondition('steps.later.exit_code == 0', scope)).toBe('unknown');
    expect(planCondition('steps.pid.exit_code == 0', scope)).toBe(true);
  });
});
