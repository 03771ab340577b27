import type { TextProblem } from '../../model/problem.js';
import { holesOf, parseTemplate, type Hole, type Segment } from '../../template/template.js';
import { interpreter, REFUSED_COMMANDS } from '../posix/interpreters.js';
import { toUnits } from '../units.js';
import { PowerShellLexer, type PsStatement } from './lexer.js';
import type { PsQuote } from './quote.js';

/** Who reads the argument: a cmdlet expands wildcards, a native program is given a command line that has to be quoted anew. */
export type PsReader = 'cmdlet' | 'literal' | 'native' | 'expression';

export interface PsPlace {
  quote: PsQuote;
  reader: PsReader;
}

export interface PowerShellAnalysis {
  segments: Segment[];
  problems: TextProblem[];
  places: Map<Hole, PsPlace>;
}

/** Commands that run text, or make text into something that is run later. With one of them, no value may be near. */
const EVALUATORS = new Set(
  (
    'iex invoke-expression powershell pwsh cmd wsl ssh wscript cscript mshta rundll32 regsvr32 msbuild schtasks at wmic start-process ' +
    'saps start start-job sajb start-threadjob add-type set-alias sal new-alias nal invoke-item ii import-module ipmo ' +
    'new-module nmo invoke-wmimethod iwmi invoke-cimmethod icim new-scheduledtaskaction register-scheduledjob invoke-history ihy r ' +
    'foreach-object foreach % invoke-script using'
  ).split(' '),
);
const EVALUATING_TEXT =
  /\[\s*(?:system\.management\.automation\.)?scriptblock\s*\]|invokescript|expandstring|addscript|newscriptblock/i;
const DEFINITIONS = new Set([
  'function',
  'filter',
  'class',
  'param',
  'workflow',
  'configuration',
  'trap',
  'data',
  'dynamicparam',
]);
const LITERAL_VERBS = /^(?:write|out|convertto|convertfrom|measure|new-event|send)-?/i;
const LITERAL_NAMES = new Set(['echo', 'write', 'return', 'throw']);

/** Where the values in a PowerShell command stand, and which of them no quoting can make safe. @throws TemplateError */
export function analysePowerShell(template: string): PowerShellAnalysis {
  const segments = parseTemplate(template);
  const lexer = new PowerShellLexer(toUnits(segments));
  const statements = lexer.parse();
  const holes = holesOf(segments);
  const places = new Map<Hole, PsPlace>();
  const problems = [...lexer.refused];
  const report = (hole: Hole, where: string): void => {
    problems.push({ offset: hole.offset, message: `a template cannot stand ${where}` });
  };
  for (const statement of statements) judgeStatement(statement, places, report);
  const evaluator = findEvaluator(statements, segments);
  if (evaluator !== null)
    for (const hole of holes) report(hole, `in a command with ${evaluator}, which can run what a value says`);
  for (const hole of holes) if (!places.has(hole)) report(hole, 'here');
  const first = new Map<number, TextProblem>();
  for (const problem of problems) if (!first.has(problem.offset)) first.set(problem.offset, problem);
  return { segments, problems: [...first.values()].sort((a, b) => a.offset - b.offset), places };
}

function baseName(text: string): string {
  return text
    .slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1)
    .toLowerCase()
    .replace(/\.(?:exe|cmd|bat|com|ps1)$/, '');
}

function findEvaluator(statements: PsStatement[], segments: Segment[]): string | null {
  for (const { words } of statements) {
    const text = words[0]?.text ?? null;
    if (text === null) continue;
    const name = baseName(text);
    if (EVALUATORS.has(name) || DEFINITIONS.has(name) || /\.(?:cmd|bat)$/i.test(text)) return text;
    if (interpreter(name) !== null || (REFUSED_COMMANDS.has(name) && name !== 'wait')) return text;
  }
  const literal = segments.map((segment) => (segment.type === 'text' ? segment.text : ' ')).join('');
  return EVALUATING_TEXT.exec(literal)?.[0] ?? null;
}

function judgeStatement(
  statement: PsStatement,
  places: Map<Hole, PsPlace>,
  report: (hole: Hole, where: string) => void,
): void {
  const [head, ...args] = statement.words;
  if (!head) return;
  for (const { hole, quote } of head.holes) {
    places.set(hole, { quote, reader: 'expression' });
    if (!statement.assigned)
      report(hole, "as a command's own name or the first word of a statement: write the command out");
  }
  const reader = readerOf(statement);
  for (const word of args) {
    for (const { hole, quote } of word.holes) {
      places.set(hole, { quote, reader: reader ?? 'native' });
      if (reader === null) report(hole, 'after a command whose name is not plain text: write the name out');
    }
  }
}

function readerOf({ words, called, assigned }: PsStatement): PsReader | null {
  const [head] = words;
  if (!head) return null;
  if (head.text === null) return called ? null : 'expression';
  if (!called && (head.quoted || /^[-+!$[(0-9]/.test(head.text))) return 'expression';
  if (assigned && head.text === '') return 'expression';
  const name = baseName(head.text);
  if (LITERAL_NAMES.has(name) || LITERAL_VERBS.test(name)) return 'literal';
  return /^[a-z]+-[a-z]+$/.test(name) ? 'cmdlet' : 'native';
}
