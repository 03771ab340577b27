import type { TextProblem } from '../../model/problem.js';
import { TemplateError } from '../../template/error.js';
import type { Segment } from '../../template/template.js';
import { toUnits } from '../units.js';
import { REDIRECTIONS, RedirectionReader } from './redirection-reader.js';
import { assignedName, bareText, type Script, type SimpleCommand, type Word } from './syntax.js';
import { INSIDE } from './refusal-texts.js';

type Block = 'if' | 'loop' | 'group' | 'case';
interface Frame {
  block: Block;
  pipeline: number;
  stage: number;
}

const OPENERS = new Map<string, Block>([
  ['if', 'if'],
  ['while', 'loop'],
  ['until', 'loop'],
  ['{', 'group'],
]);
const CLOSERS = new Map<string, Block>([
  ['fi', 'if'],
  ['done', 'loop'],
  ['}', 'group'],
  ['esac', 'case'],
]);
const SEPARATORS = new Set(['then', 'elif', 'else', 'do', '!']);
const CASE_ENDS = [';;&', ';;', ';&'];

/**
 * Reads shell text as far as quoting needs it: which simple commands there are, of which words, in which pipelines.
 * Whatever different shells could read differently is refused as a whole; it is only ever asked about text with holes.
 */
export class ScriptParser extends RedirectionReader {
  private frames: Frame[] = [];
  private pipelines = 0;
  private pipeline = 0;
  private stage = 0;
  private afterPipe = false;

  parse(): Script {
    this.commands(false);
    const open = this.frames.at(-1);
    if (open) this.unsupported(`a block of this command (${open.block}) is never closed`);
    return this.script;
  }

  protected commandsUntilParenthesis(): void {
    const { frames, pipeline, stage, afterPipe } = this;
    const start = this.offset;
    this.frames = [...frames, { block: 'group', pipeline, stage }];
    const depth = this.frames.length;
    this.newPipeline();
    this.commands(true);
    if (!this.take(')')) this.unsupported('this parenthesis is never closed', start);
    if (this.frames.length !== depth)
      this.unsupported('a block inside these parentheses is not closed', start);
    Object.assign(this, { frames, pipeline, stage, afterPipe });
  }

  private newPipeline(): void {
    this.pipeline = ++this.pipelines;
    this.stage = 0;
    this.afterPipe = false;
  }

  private commands(nested: boolean): void {
    for (;;) {
      this.skipBlanks();
      if (this.done || (nested && this.sees(')'))) return;
      if (this.sees('#')) this.comment();
      else if (this.take('\n')) this.newline(nested);
      else if (CASE_ENDS.some((end) => this.take(end))) this.casePattern();
      else if (this.take('||') || this.take('&&') || this.take(';')) this.newPipeline();
      else if (this.sees('&') && !this.sees('&>')) {
        this.skip();
        this.newPipeline();
      } else if (this.take('|&') || this.take('|')) {
        this.stage++;
        this.afterPipe = true;
      } else if (this.sees('(('))
        this.unsupported('(( )) is arithmetic in some shells and a subshell in others');
      else if (this.take('(')) {
        this.commandsUntilParenthesis();
        this.simpleCommand(true);
      } else if (this.sees(')')) this.unsupported('this parenthesis closes nothing');
      else this.simpleCommand(false);
    }
  }

  private newline(nested: boolean): void {
    if (nested && this.heredocs.length > 0) this.unsupported('a here-document stands inside parentheses');
    for (const heredoc of this.heredocs.splice(0)) this.heredocBody(heredoc);
    if (!this.afterPipe) this.newPipeline();
  }

  private simpleCommand(afterBlock: boolean): void {
    let closed = afterBlock;
    const place = [...this.frames, { pipeline: this.pipeline, stage: this.stage }];
    const command: SimpleCommand = { assignments: [], words: [], redirections: [], place };
    this.afterPipe = false;
    for (;;) {
      this.skipBlanks();
      if (this.sees('(')) this.unsupported('a function or an unusual pattern is written here');
      const operator = REDIRECTIONS.find((candidate) => this.sees(candidate));
      const substitution = this.sees('<(') || this.sees('>(');
      if (operator !== undefined && !substitution) {
        this.redirection(command.redirections, operator);
        continue;
      }
      if (this.sees('#') || (this.atWordEnd() && !substitution)) break;
      if (this.heredocs.length > 0 && this.hole())
        this.refuse(this.offset, 'after << on the same line: put it before');
      const word = this.readWord();
      if (this.isDescriptor(word)) continue;
      if (closed) this.unsupported('words follow the end of a block', word.offset);
      const first = command.words.length + command.assignments.length + command.redirections.length === 0;
      const keyword = first ? this.keyword(word) : 'none';
      if (keyword === 'opened') return;
      if (keyword === 'closed') closed = true;
      else if (command.words.length === 0 && assignedName(word) !== null) command.assignments.push(word);
      else command.words.push(word);
    }
    if (command.words.length + command.assignments.length + command.redirections.length > 0)
      this.script.commands.push(command);
  }

  private keyword(word: Word): 'none' | 'opened' | 'closed' {
    const text = bareText(word) ?? '';
    const opens = OPENERS.get(text);
    const closes = CLOSERS.get(text);
    if (text === 'function' || text === 'coproc') this.unsupported(`"${text}" is used here`, word.offset);
    if (closes) return this.close(closes, word.offset);
    if (opens) this.open(opens);
    else if (SEPARATORS.has(text)) this.newPipelineUnlessNegation(text);
    else if (text === 'for' || text === 'select') this.loopHeader();
    else if (text === 'case') this.caseHeader();
    else if (text === '[[') return this.conditional();
    else return 'none';
    return 'opened';
  }

  private newPipelineUnlessNegation(text: string): void {
    if (text !== '!') this.newPipeline();
  }

  private open(block: Block): void {
    this.frames = [...this.frames, { block, pipeline: this.pipeline, stage: this.stage }];
    this.newPipeline();
  }

  private close(block: Block, offset: number): 'closed' {
    const frame = this.frames.at(-1);
    if (frame?.block !== block) this.unsupported('this word closes a block that is not open', offset);
    this.frames = this.frames.slice(0, -1);
    this.pipeline = frame.pipeline;
    this.stage = frame.stage;
    return 'closed';
  }

  private loopHeader(): void {
    this.skipBlanks();
    const name = this.sees('(') ? null : bareText(this.readWord());
    if (name === null) this.unsupported('this loop has no plain variable');
    this.skipLines();
    const words: Word[] = [];
    if (this.take('in ') || this.take('in\t')) {
      for (this.skipBlanks(); !this.atWordEnd(); this.skipBlanks()) words.push(this.readWord());
    } else if (this.sees('in') || this.sees('#')) this.unsupported('the head of this loop is not plain');
    this.script.loops.push({ variable: name, words });
    this.open('loop');
  }

  private caseHeader(): void {
    this.skipBlanks();
    const subject = this.readWord();
    this.script.commands.push({ assignments: [subject], words: [], redirections: [], place: this.frames });
    this.skipLines();
    if (bareText(this.readWord()) !== 'in') this.unsupported('this case has no "in"', subject.offset);
    this.open('case');
    this.casePattern();
  }

  private skipLines(): void {
    for (this.skipBlanks(); this.take('\n'); this.skipBlanks()) {
      if (this.heredocs.length > 0) this.unsupported('a here-document starts in the head of a block');
    }
  }

  private casePattern(): void {
    if (this.frames.at(-1)?.block !== 'case') this.unsupported('this ;; stands outside of case');
    this.skipLines();
    if (this.done || this.sees('#')) this.unsupported('this case is not plain enough');
    if (this.sees('esac') && !/[A-Za-z0-9_]/.test(this.char(4))) return this.newPipeline();
    this.take('(');
    this.within(INSIDE.pattern, () => {
      do {
        this.skipBlanks();
        this.readWord();
        this.skipBlanks();
      } while (this.take('|'));
    });
    if (!this.take(')')) this.unsupported('this pattern of case has no closing parenthesis');
    this.newPipeline();
  }

  private conditional(): 'closed' {
    const offset = this.offset;
    const names: string[] = [];
    this.within(INSIDE.test, () => {
      for (;;) {
        this.skipLines();
        if (this.done || this.sees(';') || this.sees('#'))
          this.unsupported('this [[ is never closed', offset);
        if (this.atWordEnd()) {
          this.skip();
          continue;
        }
        const word = this.readWord();
        if (bareText(word) === ']]') return;
        names.push(...word.parts.flatMap((part) => (part.type === 'expansion' ? part.names : [])));
      }
    });
    this.script.fragile.push({ names, offset, where: 'inside [[ ]]' });
    return 'closed';
  }
}

/** The commands of a text, as far as it could be read; `refused` says what cannot be and which holes stand badly. */
export function parseScript(segments: Segment[]): {
  script: Script;
  refused: TextProblem[];
  complete: boolean;
} {
  const parser = new ScriptParser(toUnits(segments));
  try {
    return { script: parser.parse(), refused: parser.refused, complete: true };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return {
      script: parser.script,
      refused: [...parser.refused, { offset: error.offset, message: error.message }],
      complete: false,
    };
  }
}
