import { interpreter, type Interpreter } from './interpreters.js';
import { leadingText, mayBeAnyNumber, staticText, type Word } from './syntax.js';

/** What the rules need to know about the text around one simple command, and where they report to. */
export interface RuleContext {
  /** Offsets of what in a word comes from a template: holes, and variables that hold one. */
  carriers(word: Word): number[];
  refuse(offset: number, where: string): void;
  /** The word is taken as it is even when it begins with "-". */
  dashIsData(word: Word): void;
  mustBeInteger(word: Word): void;
}

/** The name under which a command is known, or null when it is only known at run time. */
export function commandName(word: Word | undefined): string | null {
  if (!word) return null;
  const last = word.parts.at(-1);
  const whole = staticText(word);
  const text = whole ?? (last?.type === 'text' && last.text.includes('/') ? last.text : null);
  return text === null ? null : text.slice(text.lastIndexOf('/') + 1);
}

export function refuseFrom(words: Word[], from: number, context: RuleContext, where: string): void {
  for (const word of words.slice(from))
    for (const offset of context.carriers(word)) context.refuse(offset, where);
}

/** Refuses what an interpreter reads as code; what comes after it are its arguments. */
export function judgeInterpreter(
  name: string,
  code: Interpreter,
  words: Word[],
  start: number,
  context: RuleContext,
): void {
  const where = `in what ${name} reads as code: ${code.instead}`;
  let given = !code.program;
  let options = true;
  let expected = false;
  const firstCode = words.findIndex((word, index) => index > start && code.code.test(leadingText(word)));
  const begin = Math.max(start + 1, firstCode);
  // Everything up to the code may decide what is code.
  if (code.program) refuseFrom(words.slice(0, begin), start + 1, context, where);
  for (let at = begin; at < words.length; at++) {
    const word = words[at] ?? { parts: [], offset: 0 };
    const lead = leadingText(word);
    const text = staticText(word);
    const option = options && /^[-+]./.test(lead);
    // An empty `$x` is no word at all, and the next one is taken for the code.
    if (mayBeAnyNumber(word) && (expected || !given)) return refuseFrom(words, at, context, where);
    // Whether an option takes a value of its own is not known for all: what may be code is refused either way.
    if (option || expected || !given) {
      refuseFrom([word], 0, context, where);
    } else if (code.strict) context.dashIsData(word);
    if (option && text === '--') options = expected = false;
    else if (option && text !== null && code.valued.includes(text)) {
      const skipped = text === '--arg' || text === '--argjson' ? 2 : 1;
      if (code.strict) refuseFrom(words.slice(0, at + 1 + skipped), at, context, where);
      at += skipped;
    } else if (option) {
      expected = code.code.test(lead);
      if (code.given.test(lead)) given = true;
    } else {
      if (!expected || code.strict) options = options && !code.strict;
      given ||= !expected;
      expected = false;
    }
  }
}

/** `find … -exec sh -c`, `ssh host sh -c`, `mytool -- bash -c`: an interpreter anywhere that is given code. */
export function judgeNested(words: Word[], start: number, context: RuleContext): void {
  words.forEach((word, index) => {
    const name = index > start ? commandName(word) : null;
    const code = name === null ? null : interpreter(name);
    if (!code || name === null) return;
    const given = words.slice(index + 1).some((next) => code.code.test(leadingText(next)));
    if (given) judgeInterpreter(name, code, words, index, context);
  });
}
