import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from './parse-runbook.js';

const STEPS = 'steps:\n  - { name: a, command: "true" }\n';

/** `§` marks where the problem must be reported. */
function expectProblem(marked: string, message: RegExp): void {
  const before = marked.slice(0, marked.indexOf('§'));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const { runbook, errors } = parseRunbook(marked.replace('§', ''));
  expect(runbook).toBeNull();
  const found = errors.find((error) => error.line === line && error.column === column);
  expect({ line, column, errors, message: found?.message ?? '' }).toMatchObject({
    message: expect.stringMatching(message) as string,
  });
}

const runbook = (rest: string): string => `name: x\n${rest}`;
const step = (rest: string): string => runbook(`steps:\n  - name: a\n${rest.replace(/^/gm, '    ')}\n`);
const parameter = (rest: string): string => runbook(`${STEPS}parameters:\n  - ${rest}\n`);

describe('parseRunbook', () => {
  it.each([
    ['§', /empty/],
    ['§# only a comment\n', /empty/],
    ['§- a\n', /keys and values/],
    ['a: [1, 2\n§', /not valid YAML/],
    [runbook(`§name: y\n${STEPS}`), /twice/],
    [runbook(`${STEPS}§---\nb: 1\n`), /second document/],
    [runbook(`${STEPS}tags: [§*nowhere]\n`), /alias/],
    [runbook(`${STEPS}description: §!!python/object x\n`), /not valid here/],
  ] as [string, RegExp][])('reports what is wrong with the YAML: %j', (marked, message) => {
    expectProblem(marked, message);
  });

  it.each([
    [runbook(`${STEPS}§descripton: x\n`), /did you mean "description"/],
    ['§description: x\nsteps: [{ name: a, command: b }]\n', /"name" is missing/],
    [`name: §Bad Name\n${STEPS}`, /kebab-case/],
    [runbook('steps: §5\n'), /must be a list/],
    [runbook('steps: §[]\n'), /at least one step/],
    [runbook('steps:\n  - §command: "true"\n'), /"name" is missing/],
    [step('§comand: "true"'), /did you mean "command"/],
    [runbook('steps:\n  - §name: a\n'), /needs a command or http/],
    [step('command: "true"\n§http: { url: "https://a" }'), /not both/],
    [step('command: "true"\ntimeout: §soon'), /500ms/],
    [step('command: "true"\ntimeout: §400d'), /366d/],
    [step('command: "true"\ntimeout: §60'), /500ms/],
    [step('command: "true"\non_failure: §contine'), /did you mean "continue"/],
    [step('command: "true"\non_failure: §rollback'), /no rollback/],
    [step('command: "true"\nretries: { attempts: §0 }'), /1 or more/],
    [step('command: "true"\nretries: { attempts: 2, §dely: 1s }'), /did you mean "delay"/],
    [step('command: "true"\nexpected_output: §5'), /in quotes/],
    [step('command: "true"\nexpected_output: { §match: x }'), /did you mean "matches"/],
    [step('command: "true"\nexpected_output: { matches: §"(" }'), /regular expression/],
    [step('command: "true"\nexpected_output: { matches: §"(?=a)" }'), /regular expression/],
    [step('command: "true"\nexpected_output: "a §{{ labels.x }}"'), /compared as it stands/],
    [step('command: "true"\nexpected_exit_code: §300'), /255/],
    [step('command: { §bash: x }'), /unknown key/],
    [step('command: §{}'), /needs posix/],
    [step('http: { url: "https://a" }\n§expected_output: x'), /use http.expect/],
    [step('http: { url: "§{{ labels.url }}" }'), /http:\/\/ or https/],
    [step('http: { url: "§https://me:pw@a/" }'), /Authorization/],
    [step('http: { url: "https://a", §json: {} }'), /sends no body/],
    [step('http: { method: POST, url: "https://a", json: {}, §body: x }'), /not both/],
    [step('http: { method: §post, url: "https://a" }'), /did you mean "POST"/],
    [step('http: { url: "https://a", expect: { status: §99 } }'), /100/],
    [
      step('http: { method: POST, url: "https://a", json: { a: [1, "x {{ §nope.x }}"] } }'),
      /unknown name "nope"/,
    ],
    [step('command: "true"\nregister: §a-b'), /letters, digits/],
    [step('command: "true"\nwhen: "§{{ parameters.x }}"'), /no braces/],
    [step('command: "true"\nwhen: "1 == §"'), /expected a name/],
    [step('command: "true"\nwhen: "§secrets.x == 1"'), /secret/],
    [step('command: "echo {{ §parameter.x }}"'), /did you mean "parameters"/],
    [step('command: "echo {{ §parameters.x }}"'), /no parameter/],
    [step('command: "echo {{ §alert.labels.x }}"'), /labels\.name/],
    [step('command: "echo {{ §target.hots }}"'), /did you mean "host"/],
    [step('command: "echo {{ §steps.pid.stdout }}"'), /no earlier step/],
    [step('command: "echo {{ labels.x | §lowr }}"'), /did you mean "lower"/],
    [step('command: "echo §{{ labels.x"'), /never closed/],
    [step('command: "echo $(cat §{{ labels.x }})"'), /register/],
    [step("command: 'echo ''a b'' \"$(ls §{{ labels.x }})\"'"), /register/],
    [step('command: "echo \\"a\\tb\\" `ls §{{ labels.x }}`"'), /backquotes/],
    [step('command: |\n  echo one\n    echo $(ls §{{ labels.x }})'), /register/],
    [step('command: >\n  echo one\n  two $(ls §{{ labels.x }})'), /register/],
    [step('command: echo one\n  two $(ls §{{ labels.x }})'), /register/],
    [step('command: { powershell: "iex §{{ labels.x }}" }'), /iex/],
    [runbook('steps:\n  - { name: a, command: "true" }\n  - { name: §a, command: "true" }\n'), /used twice/],
    [
      runbook(
        'steps:\n  - { name: a, command: "true", register: r }\n  - { name: b, command: "true", register: §r }\n',
      ),
      /used twice/,
    ],
    [
      runbook(
        'steps:\n  - { name: a, command: "echo {{ §steps.r.stdout }}" }\n  - { name: b, command: "true", register: r }\n',
      ),
      /before the step/,
    ],
    [
      runbook(
        'steps:\n  - { name: a, command: "true", register: r }\n  - { name: b, command: "echo {{ §steps.r.status }}" }\n',
      ),
      /has no "status"/,
    ],
    [
      runbook(
        'safety: { approval: never }\nsteps:\n  - { name: a, command: "true", approval_required: §true }\n',
      ),
      /never/,
    ],
    [
      runbook(`${STEPS}rollback:\n  - { name: b, command: "true", on_failure: §rollback }\n`),
      /cannot roll back/,
    ],
    [runbook(`${STEPS}verify:\n  - { name: b, command: "true", §approval_required: true }\n`), /approval/],
    [runbook(`${STEPS}verify:\n  - alert_resolved_within: §soon\n`), /500ms/],
    [runbook(`${STEPS}verify:\n  - alert_resolved_within: 5m\n  - §alert_resolved_within: 5m\n`), /twice/],
    [runbook(`${STEPS}verify:\n  - name: b\n    §comand: x\n`), /did you mean "command"/],
    [parameter('{ name: p, type: §strng }'), /did you mean "string"/],
    [parameter('{ name: p, default: §5 }'), /quotes/],
    [parameter('{ name: p, type: integer, default: §"5" }'), /must be a number/],
    [parameter('{ name: p, type: integer, default: §5.5 }'), /whole number/],
    [parameter('{ name: p, type: integer, default: §9, maximum: 5 }'), /5 or less/],
    [parameter('{ name: p, type: boolean, default: §"true" }'), /must be a boolean/],
    [parameter('{ name: p, type: duration, default: §"5" }'), /500ms/],
    [parameter('{ name: p, type: duration, minimum: §5 }'), /500ms/],
    [parameter('{ name: p, pattern: "^a$", default: §ab }'), /must match/],
    [parameter('{ name: p, pattern: §"(" }'), /regular expression/],
    [parameter('{ name: p, type: integer, §pattern: "a" }'), /only a string/],
    [parameter('{ name: p, §minimum: 1 }'), /only integer/],
    [parameter('{ name: p, type: integer, minimum: 5, maximum: §1 }'), /less than minimum/],
    [parameter('§{ name: p, type: enum }'), /needs values/],
    [parameter('{ name: p, §values: [a] }'), /only an enum/],
    [parameter('{ name: p, type: enum, values: [a, b], default: §c }'), /one of a, b/],
    [parameter('{ name: p, from: §fixed }'), /template/],
    [parameter('{ name: p, from: "{{ §parameters.q }}" }'), /not known yet/],
    [parameter('{ name: p }\n  - { name: §p }'), /used twice/],
    [runbook(`${STEPS}trigger: { alert_name: a }\n§triggers: [{ alert_name: b }]\n`), /not both/],
    [runbook(`${STEPS}trigger: §{ min_occurrences: 2 }\n`), /alert_name or labels/],
    [runbook(`${STEPS}trigger: { alert_name: a, labels: { port: §80 } }\n`), /quotes/],
    [runbook(`${STEPS}§targets: { names: [a], labels: { b: c } }\n`), /exactly one/],
    [runbook(`${STEPS}§targets: { strategy: { batch: 2 } }\n`), /exactly one/],
  ] as [string, RegExp][])('reports the place and the cause: %j', (marked, message) => {
    expectProblem(marked, message);
  });

  it('reports every problem at once, also in steps that have other faults', () => {
    const { errors } = parseRunbook(
      'name: X\nsteps:\n  - name: a\n    timeout: 5\n    command: "echo $(ls {{ labels.x }})"\n    when: "1 ="\n  - name: a\n    comand: x\nextra: 1\n',
    );
    expect(errors.map((error) => `${error.line} ${error.path}`)).toEqual([
      '1 name',
      '4 steps[0].timeout',
      '5 steps[0].command',
      '6 steps[0].when',
      '7 steps[1].name',
      '8 steps[1].comand',
      '9 extra',
    ]);
  });

  it('warns of what is allowed and may still go wrong', () => {
    const { errors, warnings } = parseRunbook(
      'name: x\ntrigger: { alert_name: a }\nparameters: [{ name: p }]\nsteps:\n' +
        '  - { name: a, command: "echo {{ parameters.p }} {{ secrets.s }}", when: "labels.a == 1", register: r }\n' +
        '  - { name: b, command: "echo {{ steps.r.stdout }} {{ steps.r.stdout | default: 0 }}" }\n',
    );
    expect(errors).toEqual([]);
    expect(
      warnings.map(({ line, column, message }) => [line, column, message.replace(/[:;].*/, '')]),
    ).toEqual([
      [2, 1, 'alerts start this runbook and safety.cooldown is not set'],
      [5, 34, 'parameters.p may have no value here'],
      [5, 50, 'a secret on a command line can be seen by every user of the target while the command runs'],
      [6, 34, 'steps.r.stdout may have no value here'],
    ]);
  });

  it('applies the defaults', () => {
    const { runbook: parsed, errors } = parseRunbook(runbook(STEPS));
    expect(errors).toEqual([]);
    expect(parsed).toMatchObject({
      triggers: [],
      parameters: [],
      targets: null,
      rollback: [],
      verify: { steps: [], alertResolvedWithinMs: null },
      safety: {
        approval: 'by_rule',
        approvalExpiresMs: 1_800_000,
        cooldownMs: 0,
        maxPerHour: null,
        idempotent: false,
      },
      steps: [
        {
          kind: 'command',
          line: 3,
          onFailure: 'stop',
          timeoutMs: 60_000,
          retries: { attempts: 1 },
          expectedExitCodes: [0],
          command: { posix: 'true', powershell: 'true' },
        },
      ],
    });
  });

  it('stops at the size limit, alias bombs and towers of brackets', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`).join('\n')}\n`;
    expect(parseRunbook(`# ${'x'.repeat(256 * 1024)}`).errors).toMatchObject([
      { line: 1, column: 1, message: expect.stringMatching(/256 KiB/) as string },
    ]);
    expect(parseRunbook(bomb).errors).toMatchObject([{ message: expect.stringMatching(/alias/) as string }]);
    expect(parseRunbook('['.repeat(20_000)).errors).toMatchObject([
      { line: 1, message: expect.stringMatching(/nested too deeply/) as string },
    ]);
  });

  it('never throws, and always says where, whatever the text', () => {
    const pieces = fc.constantFrom(
      'name: ',
      'steps:\n',
      '  - ',
      'command: ',
      '{{ ',
      ' }}',
      'labels.x',
      '"',
      "'",
      '|\n',
      '>\n',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      ': ',
      '&a ',
      '*a',
      '$(',
      ')',
      '?',
      '#',
      '!!x ',
      '---\n',
      'verify:\n',
      'when: ',
      'http: ',
      '\t',
      '<<: ',
      '__proto__: ',
      'null',
      '1e999',
      '.nan',
    );
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 40 })
          .map((parts) => parts.join('')),
        (text) => {
          const { runbook: parsed, errors } = parseRunbook(text);
          expect(parsed === null).toBe(errors.length > 0);
          for (const error of errors)
            expect(error.line >= 1 && error.column >= 1 && error.message !== '').toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
