import type { TextProblem } from '../../model/problem.js';
import { parseTemplate, type Hole, type Segment } from '../../template/template.js';
import { judgeAssignment, judgeCommand } from './command-rules.js';
import { commandName, type RuleContext } from './interpreter-rules.js';
import { interpreter, STDIN_COMMANDS } from './interpreters.js';
import { parseScript } from './script-parser.js';
import { leadingText, type Place, type Quote, type Script, type SimpleCommand, type Word } from './syntax.js';
import { taintedVariables } from './taint.js';

/** How the value of one hole must be written. */
export interface HolePlace {
  quote: Quote;
  word: Word;
  /** A value at the start of the word must not begin with "-". */
  noDash: boolean;
  integer: boolean;
}

export interface PosixAnalysis {
  segments: Segment[];
  problems: TextProblem[];
  places: Map<Hole, HolePlace>;
}

/** Where the values in a command for a POSIX shell stand, and which of them no quoting can make safe. @throws TemplateError for a faulty template */
export function analysePosix(template: string): PosixAnalysis {
  const segments = parseTemplate(template);
  const { script, refused, complete } = parseScript(segments);
  const places = placeHoles(script);
  const problems = [...refused, ...new Judge(script, places).problems];
  const known = new Map<number, TextProblem>();
  for (const problem of problems) if (!known.has(problem.offset)) known.set(problem.offset, problem);
  for (const segment of segments) {
    // A hole that belongs to no word was not understood; nothing may slip through.
    if (!complete || segment.type !== 'hole' || places.has(segment.hole) || known.has(segment.hole.offset))
      continue;
    known.set(segment.hole.offset, { offset: segment.hole.offset, message: 'a template cannot stand here' });
  }
  return { segments, problems: [...known.values()].sort((a, b) => a.offset - b.offset), places };
}

function allWords(script: Script): Word[] {
  const words = script.commands.flatMap((command) => [
    ...command.assignments,
    ...command.words,
    ...command.redirections.map((redirection) => redirection.target),
  ]);
  return [...words, ...script.loops.flatMap((loop) => loop.words)];
}

function placeHoles(script: Script): Map<Hole, HolePlace> {
  const places = new Map<Hole, HolePlace>();
  const args = new Set(script.commands.flatMap((command) => command.words));
  for (const word of allWords(script)) {
    for (const part of word.parts) {
      if (part.type === 'hole')
        places.set(part.hole, { quote: part.quote, word, noDash: args.has(word), integer: false });
    }
  }
  return places;
}

class Judge implements RuleContext {
  readonly problems: TextProblem[] = [];
  private readonly tainted: Set<string>;

  constructor(
    private readonly script: Script,
    private readonly places: Map<Hole, HolePlace>,
  ) {
    this.tainted = taintedVariables(script);
    for (const command of script.commands) {
      judgeCommand(command.words, 0, this);
      for (const word of command.assignments) judgeAssignment(word, this);
    }
    for (const word of allWords(script)) this.judgeBrackets(word);
    this.judgeVariables();
    this.judgePipelines();
  }

  carriers(word: Word): number[] {
    return word.parts.flatMap((part) => {
      if (part.type === 'hole') return [part.offset];
      return part.type === 'expansion' && part.names.some((name) => this.tainted.has(name))
        ? [part.offset]
        : [];
    });
  }

  refuse(offset: number, where: string): void {
    this.problems.push({ offset, message: `a template value cannot stand ${where}` });
  }

  dashIsData(word: Word): void {
    this.eachPlace(word, (place) => (place.noDash = false));
  }

  mustBeInteger(word: Word): void {
    for (const part of word.parts) {
      const carried = part.type === 'expansion' && part.names.some((name) => this.tainted.has(name));
      if (carried)
        this.refuse(
          part.offset,
          'as a number by way of a variable: write {{ … }} here, so that it can be checked',
        );
    }
    this.eachPlace(word, (place) => {
      place.integer = true;
      place.noDash = false;
    });
  }

  private eachPlace(word: Word, change: (place: HolePlace) => void): void {
    for (const part of word.parts) {
      const place = part.type === 'hole' ? this.places.get(part.hole) : undefined;
      if (place) change(place);
    }
  }

  /** Between unquoted brackets a value would be part of a pattern, or an index that some shells evaluate. */
  private judgeBrackets(word: Word): void {
    let open = false;
    const inside: number[] = [];
    for (const part of word.parts) {
      const carried = this.carriers({ parts: [part], offset: part.offset });
      if (open) inside.push(...carried);
      if (part.type !== 'text' || part.quote !== 'bare') continue;
      if (open && part.text.includes(']')) {
        for (const offset of inside.splice(0))
          this.refuse(offset, 'between unquoted [ ]: put the whole word in double quotes');
      }
      open = part.text.lastIndexOf('[') > part.text.lastIndexOf(']') || (open && !part.text.includes(']'));
    }
  }

  /** A variable that holds a value must be used as one word: "$v". */
  private judgeVariables(): void {
    const assigned = new Set(this.script.commands.flatMap((command) => command.assignments));
    for (const word of allWords(this.script)) {
      for (const part of word.parts) {
        if (part.type !== 'expansion' || !part.names.some((name) => this.tainted.has(name))) continue;
        if (part.complex)
          this.refuse(part.offset, 'in a variable that is changed or computed with: use it as "$name" only');
        else if (part.quote === 'bare' && !assigned.has(word))
          this.refuse(part.offset, 'in an unquoted variable, which is split and expanded: write "$name"');
      }
    }
    for (const { names, offset, where } of this.script.fragile) {
      if (names.some((name) => this.tainted.has(name))) this.refuse(offset, `${where}, by way of a variable`);
    }
  }

  /** `echo {{ v }} | sh`: what goes through a pipe into something that takes commands from it. */
  private judgePipelines(): void {
    for (const reader of this.script.commands) {
      const name = readerName(reader);
      if (name === null) continue;
      const where = `in what is piped or fed into ${name}, which takes commands from it`;
      for (const { target, operator } of reader.redirections) {
        if (operator.startsWith('<')) for (const offset of this.carriers(target)) this.refuse(offset, where);
      }
      for (const writer of this.script.commands) {
        if (!isUpstream(writer.place, reader.place)) continue;
        for (const word of [...writer.words, ...writer.assignments]) {
          for (const offset of this.carriers(word)) this.refuse(offset, where);
        }
      }
    }
  }
}

/** True when the output of a command at `writer` flows into one at `reader`. */
export function isUpstream(writer: Place, reader: Place): boolean {
  return reader.some((to) => writer.some((from) => from.pipeline === to.pipeline && from.stage < to.stage));
}

/** The name of what takes commands from standard input in this command, wrappers and all; null when nothing does. */
function readerName(command: SimpleCommand): string | null {
  for (const [index, word] of command.words.entries()) {
    const name = commandName(word);
    if (name === null) continue;
    const code = interpreter(name);
    const rest = command.words.slice(index + 1);
    if (STDIN_COMMANDS.has(name)) return name;
    if (!code?.stdin) continue;
    const operand = rest.find(
      (next) => !leadingText(next).startsWith('-') || next.parts.some((part) => part.type !== 'text'),
    );
    const given = rest.some(
      (next) => code.code.test(leadingText(next)) && !/^-[A-Za-z]*s/.test(leadingText(next)),
    );
    if (
      !given &&
      (operand === undefined || !code.program || rest.some((next) => /^-[A-Za-z]*s/.test(leadingText(next))))
    )
      return name;
  }
  return null;
}
