import { isWrapper, wrappedCommand } from './wrappers.js';
import {
  DANGEROUS_VARIABLE,
  DASH_IS_DATA,
  interpreter,
  NO_END_OF_OPTIONS,
  REFUSED_COMMANDS,
} from './interpreters.js';
import {
  commandName,
  judgeInterpreter,
  judgeNested,
  refuseFrom,
  type RuleContext,
} from './interpreter-rules.js';
import { assignedName, bareText, leadingText, mayBeAnyNumber, staticText, type Word } from './syntax.js';

const CONTAINER_TOOLS = new Set(['docker', 'podman', 'nerdctl', 'docker-compose']);
const POD_TOOLS = new Set(['kubectl', 'oc', 'lxc', 'incus', 'crictl']);
const DECLARATIONS = new Set(['export', 'readonly', 'local', 'declare']);
const NUMERIC_TESTS = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge']);
const FIND_RUNS = new Set(['-exec', '-execdir', '-ok', '-okdir']);

/** Judges every word of one simple command; `start` is the index of the word that is the command's name. */
export function judgeCommand(words: Word[], start: number, context: RuleContext): void {
  const head = words[start];
  if (!head) return;
  const named = context.carriers(head);
  if (named.length > 0) {
    for (const offset of named)
      context.refuse(
        offset,
        "as a command's own name: write the command out, with the value as its argument",
      );
    return;
  }
  const name = commandName(head);
  if (name === null)
    return refuseFrom(
      words,
      start + 1,
      context,
      'after a command whose name is not plain text: write the name out',
    );
  if (isWrapper(name) && !(name === 'runuser' && !hasUserOption(words, start)))
    return judgeWrapped(name, words, start, context);
  if (CONTAINER_TOOLS.has(name)) return judgeContainer(words, start, context);
  if (POD_TOOLS.has(name)) return judgePod(words, start, name, context);
  judgeNamed(name, words, start, context);
  judgeNested(words, start, context);
  markDashes(name, words, start, context);
}

function hasUserOption(words: Word[], start: number): boolean {
  return words.slice(start + 1).some((word) => /^(?:-u|--user)/.test(leadingText(word)));
}

function judgeWrapped(name: string, words: Word[], start: number, context: RuleContext): void {
  const first = staticText(words[start + 1] ?? { parts: [], offset: 0 });
  if (name === 'command' && (first === '-v' || first === '-V')) return;
  const wrapped = wrappedCommand(name, words, start);
  if (wrapped.found === 'unclear') {
    return refuseFrom(
      words,
      wrapped.index,
      context,
      `after ${wrapped.after}, where it cannot be told which word is the command`,
    );
  }
  const end = wrapped.found === 'command' ? wrapped.index : words.length;
  for (const word of words.slice(start + 1, end)) judgeAssignment(word, context);
  if (wrapped.found === 'command') judgeCommand(words, wrapped.index, context);
}

/** A value may go into a variable unless programs take that variable for an order. */
export function judgeAssignment(word: Word, context: RuleContext): void {
  const name = assignedName(word);
  if (name === null || !DANGEROUS_VARIABLE.test(name)) return;
  for (const offset of context.carriers(word))
    context.refuse(offset, `in ${name}, which tells other programs what to run`);
}

function judgeContainer(words: Word[], start: number, context: RuleContext): void {
  const at = words.findIndex(
    (word, index) => index > start && ['exec', 'run', 'create'].includes(staticText(word) ?? ''),
  );
  if (at < 0) return;
  const wrapped = wrappedCommand('docker exec', words, at);
  if (wrapped.found === 'command') judgeCommand(words, wrapped.index, context);
  else if (wrapped.found === 'unclear') {
    refuseFrom(
      words,
      wrapped.index,
      context,
      `after ${wrapped.after}, where it cannot be told which word is the command`,
    );
  }
}

function judgePod(words: Word[], start: number, name: string, context: RuleContext): void {
  const runs = words.findIndex(
    (word, index) => index > start && ['exec', 'run', 'debug'].includes(staticText(word) ?? ''),
  );
  if (runs < 0) return;
  const end = words.findIndex((word, index) => index > runs && staticText(word) === '--');
  if (end >= 0) judgeCommand(words, end + 1, context);
  else refuseFrom(words, runs + 1, context, `here without "--": write ${name} exec … -- command`);
}

function judgeNamed(name: string, words: Word[], start: number, context: RuleContext): void {
  const reason = REFUSED_COMMANDS.get(name);
  const code = interpreter(name);
  if (reason) return refuseFrom(words, start + 1, context, `in the arguments of ${name}: ${reason}`);
  if (code) return judgeInterpreter(name, code, words, start, context);
  if (name === 'printf') return judgePrintf(words, start, context);
  if (name === 'test' || name === '[') return judgeTest(words, start, context);
  if (name === 'ssh') return judgeSsh(words, start, context);
  if (name === 'su' || name === 'runuser') return judgeSwitchUser(words, start, context);
  if (name === 'find') return judgeFind(words, start, context);
  if (name === 'set') return judgeSet(words, start, context);
  if (DECLARATIONS.has(name)) return judgeDeclaration(name, words, start, context);
  if (name === 'exit' || name === 'return' || name === 'shift')
    words.slice(start + 1).forEach((word) => context.mustBeInteger(word));
}

function judgePrintf(words: Word[], start: number, context: RuleContext): void {
  const format = words[start + 1];
  if (!format) return;
  const where = "in the format of printf, which has a syntax of its own: write printf '%s\\n' {{ … }}";
  if (leadingText(format).startsWith('-') || mayBeAnyNumber(format))
    return refuseFrom(words, start + 1, context, where);
  refuseFrom([format], 0, context, where);
}

function judgeTest(words: Word[], start: number, context: RuleContext): void {
  const args = words.slice(start + 1);
  if (args.some((word) => ['-v', '-R'].includes(staticText(word) ?? ''))) {
    return refuseFrom(args, 0, context, 'beside -v of test, which evaluates a name');
  }
  args.forEach((word, index) => {
    if (!NUMERIC_TESTS.has(staticText(word) ?? '')) return;
    for (const operand of [args[index - 1], args[index + 1]]) if (operand) context.mustBeInteger(operand);
  });
}

function judgeSsh(words: Word[], start: number, context: RuleContext): void {
  const valued = 'BbcDEeFIiJLlmOopQRSWw';
  let host = -1;
  for (let at = start + 1; at < words.length && host < 0; at++) {
    const lead = leadingText(words[at] ?? { parts: [], offset: 0 });
    if (!lead.startsWith('-')) host = at;
    else if (/^-[oFEIS]/.test(lead))
      refuseFrom(words.slice(0, at + 2), at, context, 'in this option of ssh, which can run commands');
    if (host < 0 && lead.length === 2 && valued.includes(lead.charAt(1))) at++;
  }
  if (host < 0) return;
  const where =
    'in a command for ssh, which a shell on the other side reads again: make that host a target of the runbook';
  refuseFrom(words, host + 1, context, where);
}

function judgeSwitchUser(words: Word[], start: number, context: RuleContext): void {
  const where = 'here: su gives its arguments to a shell; use sudo -u user command {{ … }}';
  refuseFrom(words, start + 1, context, where);
}

function judgeFind(words: Word[], start: number, context: RuleContext): void {
  words.forEach((word, index) => {
    if (index > start && FIND_RUNS.has(staticText(word) ?? '')) judgeCommand(words, index + 1, context);
  });
}

function judgeSet(words: Word[], start: number, context: RuleContext): void {
  const end = words.findIndex((word, index) => index > start && staticText(word) === '--');
  const options = end < 0 ? words.slice(start + 1) : words.slice(start + 1, end);
  refuseFrom(options, 0, context, 'in the options of set: write set -- {{ … }}');
}

function judgeDeclaration(name: string, words: Word[], start: number, context: RuleContext): void {
  const typed = words.slice(start + 1).some((word) => /^[-+][A-Za-z]*[inaAF]/.test(leadingText(word)));
  for (const word of words.slice(start + 1)) {
    if (typed || (assignedName(word) === null && bareText(word) === null)) {
      refuseFrom([word], 0, context, `here in ${name}, which evaluates it: write NAME={{ … }}`);
    }
    judgeAssignment(word, context);
    context.dashIsData(word);
  }
}

/** Marks the words that may begin with "-" because the command cannot take them for options. */
function markDashes(name: string, words: Word[], start: number, context: RuleContext): void {
  const data = DASH_IS_DATA.get(name);
  if (data !== undefined) words.slice(start + 1 + data).forEach((word) => context.dashIsData(word));
  if (NO_END_OF_OPTIONS.has(name)) return;
  const end = words.findIndex((word, index) => index > start && staticText(word) === '--');
  if (end >= 0 && !words.slice(end).some((word) => interpreter(commandName(word) ?? '')?.strict === false)) {
    words.slice(end + 1).forEach((word) => context.dashIsData(word));
  }
}
