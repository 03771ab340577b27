import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXED_VALUES, hostileText } from '../hostile-values.test-data.js';
import { renderCommand } from '../command.js';

type Case = [template: string, expected: (v: string, w: string) => string[]];

/** Each probe prints every argument it received, ended by NUL, which no argument can hold. */
const CASES: Case[] = [
  ["printf '%s\\0' {{ parameters.v }}", (v) => [v]],
  ["printf '%s\\0' {{ parameters.v }} {{ parameters.w }};", (v, w) => [v, w]],
  ['printf \'%s\\0\' "a {{ parameters.v }} b"', (v) => [`a ${v} b`]],
  ['printf \'%s\\0\' "{{ parameters.v }}"', (v) => [v]],
  ["printf '%s\\0' 'a {{ parameters.v }} b'", (v) => [`a ${v} b`]],
  ["printf '%s\\0' '\\{{ parameters.v }}\\'", (v) => [`\\${v}\\`]],
  ["printf '%s\\0' --name={{ parameters.v }}", (v) => [`--name=${v}`]],
  ["printf '%s\\0' ~{{ parameters.v }}~", (v) => [`~${v}~`]],
  ["printf '%s\\0' {{ parameters.v }}{{ parameters.w }}", (v, w) => [v + w]],
  ["printf '%s\\0' \"{{ parameters.v }}\"{{ parameters.w }}'{{ parameters.v }}'", (v, w) => [v + w + v]],
  ['printf \'%s\\0\' "\\\\{{ parameters.v }}\\$"', (v) => [`\\${v}$`]],
  ["printf '%s\\0' $HOME{{ parameters.v }}", (v) => [`/home/x${v}`]],
  ['printf \'%s\\0\' "${HOME}{{ parameters.v }}$HOME"', (v) => [`/home/x${v}/home/x`]],
  ['printf \'%s\\0\' $(echo "a)"){{ parameters.v }}', (v) => [`a)${v}`]],
  ['printf \'%s\\0\' "`echo b`{{ parameters.v }}"', (v) => [`b${v}`]],
  ["printf '%s\\0' {{ parameters.v }}#x {{ parameters.w }}", (v, w) => [`${v}#x`, w]],
  ['x={{ parameters.v }}; printf \'%s\\0\' "$x"', (v) => [v]],
  ['x=a{{ parameters.v }}"{{ parameters.w }}"\nprintf \'%s\\0\' "${x}"', (v, w) => [`a${v}${w}`]],
  ['for x in {{ parameters.v }} {{ parameters.w }}; do printf \'%s\\0\' "$x"; done', (v, w) => [v, w]],
  ['set -- {{ parameters.v }} {{ parameters.w }}; printf \'%s\\0\' "$@"', (v, w) => [v, w]],
  ['sh -c \'printf "%s\\0" "$1"\' _ {{ parameters.v }}', (v) => [v]],
  ['V={{ parameters.v }} sh -c \'printf "%s\\0" "$V"\'', (v) => [v]],
  ['env A={{ parameters.v }} sh -c \'printf "%s\\0" "$A"\'', (v) => [v]],
  ["( printf '%s\\0' {{ parameters.v }} )", (v) => [v]],
  ["{ printf '%s\\0' {{ parameters.v }}; } 2>&1", (v) => [v]],
  ["if [ -n x{{ parameters.v }} ]; then printf '%s\\0' {{ parameters.v }}; else printf no; fi", (v) => [v]],
  [
    "case {{ parameters.v }} in 'never)') echo no ;; *) printf '%s\\0' {{ parameters.w }} ;; esac",
    (_v, w) => [w],
  ],
  [": {{ parameters.v }} <<'EOF'\n'unbalanced\nEOF\nprintf '%s\\0' {{ parameters.w }}", (_v, w) => [w]],
  ["printf '%s\\0' {{ parameters.v }} | cat", (v) => [v]],
  ["true && printf '%s\\0' {{ parameters.v }} # it's a comment", (v) => [v]],
  ["printf '%s\\0' \\\n  {{ parameters.v }}", (v) => [v]],
];

const SHELLS = ['sh', 'bash', 'dash', 'zsh', 'ksh', 'busybox'].filter(
  (shell) => spawnSync(shell, ['-c', 'true'].slice(shell === 'busybox' ? 2 : 0)).status === 0,
);

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'quoting-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs one script with every pair of values in every given place, and gives back the arguments that arrived. */
function roundTrip(
  shell: string,
  locale: string,
  cases: Case[],
  values: [string, string][],
): { got: string[]; want: string[] } {
  const want: string[] = [];
  let script = '';
  for (const [v, w] of values) {
    for (const [template, expected] of cases) {
      script += `${renderCommand(template, 'posix', { parameters: { v, w } }).text}\n`;
      want.push(...expected(v, w));
    }
  }
  const args = shell === 'busybox' ? ['sh', '-s'] : ['-s'];
  const env = { PATH: process.env['PATH'], HOME: '/home/x', LC_ALL: locale };
  const run = spawnSync(shell, args, { input: script, cwd: directory, env, maxBuffer: 1 << 28 });
  expect(run.stderr.toString()).toBe('');
  const got = run.stdout.toString('utf8').split('\0');
  expect(got.pop()).toBe('');
  return { got, want };
}

const cannotStartWord = (v: string): boolean => v.startsWith('-');
/** The probe with ":" stands for every command that may take such a value for an option. */
const isPlain = ([v]: [string, string]): boolean => !cannotStartWord(v);

describe.each(SHELLS)('values in a command for %s', (shell) => {
  it('arrive unchanged from every place, whatever is in them', () => {
    const pairs = FIXED_VALUES.map((v, index): [string, string] => [
      v,
      FIXED_VALUES[(index * 7 + 3) % FIXED_VALUES.length] ?? '',
    ]);
    const { got, want } = roundTrip(shell, 'C.UTF-8', CASES, pairs.filter(isPlain));
    expect(got).toEqual(want);
  });

  it('arrive unchanged when they are random text', () => {
    const batch = fc.array(fc.tuple(hostileText, hostileText).filter(isPlain), {
      minLength: 10,
      maxLength: 20,
    });
    fc.assert(
      fc.property(batch, fc.constantFrom('C', 'C.UTF-8'), (values, locale) => {
        const { got, want } = roundTrip(shell, locale, CASES, values);
        expect(got).toEqual(want);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it('may begin with a dash where the command takes arguments as they are', () => {
    const cases = CASES.filter(([template]) => !template.startsWith(':'));
    const values = FIXED_VALUES.filter(cannotStartWord).map((v): [string, string] => [v, '-n']);
    const { got, want } = roundTrip(shell, 'C.UTF-8', cases, values);
    expect(values.length).toBeGreaterThan(3);
    expect(got).toEqual(want);
  });

  it('run nothing of what they say', () => {
    expect(readdirSync(directory)).toEqual([]);
  });
});
