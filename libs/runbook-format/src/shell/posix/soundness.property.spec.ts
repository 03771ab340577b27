import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandProblems, renderCommand } from '../command.js';

/** Pieces of shell syntax that, put together at random, make commands of every kind, most of them odd. */
const PIECES = [
  'echo ',
  "printf '%s\\n' ",
  'true',
  ': ',
  'cat ',
  'x=',
  'export x=',
  '"',
  '"',
  "'",
  "'",
  '`',
  '$(',
  ')',
  ')',
  '(',
  '{ ',
  '; }',
  '; ',
  '\n',
  ' && ',
  ' || ',
  ' | ',
  ' & ',
  '$x',
  '"$x"',
  '${x}',
  '${x:-',
  '}',
  '$((',
  '))',
  '1',
  '+',
  '\\',
  '\\\n',
  '#',
  ' # ',
  '$',
  "$'",
  '$"',
  '<<EOF',
  '<<-EOF',
  "<<'EOF'",
  '\nEOF\n',
  '<<<',
  ' >/dev/null',
  ' 2>&1',
  ' </dev/null',
  'if true; then ',
  '; fi',
  '; else ',
  'for x in ',
  '; do ',
  '; done',
  'while read x; do ',
  'case ',
  ' in ',
  'a) ',
  '*) ',
  ' ;; ',
  '; esac',
  '[[ ',
  ' ]]',
  '[ ',
  ' ]',
  ' = ',
  ' -eq ',
  'eval ',
  'sh -c ',
  'bash -c ',
  'env ',
  'nohup ',
  'xargs ',
  'set -- ',
  '"$1"',
  '"$@"',
  'read x',
  'cat',
  '! ',
  '~',
  '*',
  '{a,',
  ',b}',
  '=',
  ' ',
  ' ',
  ' ',
  'a',
  '-n ',
  '-- ',
];
const HOLE = '{{ parameters.v }}';
const ATTACKS = [
  '$(touch PWNED)',
  '`touch PWNED`',
  ';touch PWNED;',
  '\ntouch PWNED\n',
  "';touch PWNED;'",
  '";touch PWNED;"',
  '|touch PWNED|',
  '&touch PWNED&',
  '\nEOF\ntouch PWNED\n',
  ')touch PWNED(',
  '$(touch PWNED',
  '}\ntouch PWNED\n',
  'a[$(touch PWNED)]',
  '\\";touch PWNED;\\"',
  '-c touch${IFS}PWNED',
  "'\n;touch PWNED\n'",
  ') ;; *) touch PWNED ;; esac #',
  '(touch PWNED)',
  '{touch,PWNED}',
  "\\';touch PWNED;\\'",
];
const RUNS = Number(process.env['SOUNDNESS_RUNS'] ?? 80);
const SHELLS = ['bash', 'dash'].filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0);

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'soundness-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const template = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.constant(HOLE) },
    ),
    { minLength: 1, maxLength: 14 },
  )
  .map((pieces) => (pieces.includes(HOLE) ? pieces.join('') : `${pieces.join('')}${HOLE}`))
  .filter((text) => commandProblems(text, 'posix').length === 0);

describe('a command that validation accepts', () => {
  it(`never runs a value, however odd it is (${SHELLS.join(', ')})`, () => {
    fc.assert(
      fc.property(template, fc.constantFrom(...ATTACKS), fc.constantFrom(...SHELLS), (text, v, shell) => {
        let command: string;
        try {
          command = renderCommand(text, 'posix', { parameters: { v } }).text;
        } catch {
          return;
        }
        spawnSync(shell, ['-c', command], {
          cwd: directory,
          input: '',
          timeout: 5_000,
          env: { PATH: process.env['PATH'] },
        });
        const pwned = existsSync(join(directory, 'PWNED'));
        rmSync(join(directory, 'PWNED'), { force: true });
        expect({ command, pwned }).toEqual({ command, pwned: false });
      }),
      { numRuns: RUNS },
    );
  });
});
