import type { Hole } from '../../template/template.js';
import type { Unit } from '../units.js';
import { DOUBLE_QUOTES, SINGLE_QUOTES, type PsQuote } from './quote.js';
import { TextReader, type PsWord } from './text-reader.js';

export interface PsStatement {
  words: PsWord[];
  /** After `&` or `.`: the first word is run whatever it is. */
  called: boolean;
  /** After `=`: the first word may be a value. */
  assigned: boolean;
}

const SPACE = new Set([' ', '\t']);
const WORD_END = new Set([' ', '\t', '\n', ';', '|', '&', '(', ')', '{', '}', ',', '>', '<']);
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '??=']);

/**
 * Splits PowerShell text into statements and words and knows where the holes stand. Holes in script blocks,
 * subexpressions, method calls and here-strings are refused, and so is everything that is read differently by versions.
 */
export class PowerShellLexer extends TextReader {
  readonly statements: PsStatement[] = [];
  private inside: string | null = null;

  constructor(units: Unit[]) {
    super(units);
  }

  parse(): PsStatement[] {
    this.block('');
    return this.statements;
  }

  private within(reason: string, end: string): void {
    const before = this.inside;
    const start = this.offset;
    this.inside ??= reason;
    this.block(end);
    if (!this.take(end)) this.unsupported(`this is never closed by "${end}"`, start);
    this.inside = before;
  }

  private begin(called = false, assigned = false): PsStatement {
    const statement: PsStatement = { words: [], called, assigned };
    this.statements.push(statement);
    return statement;
  }

  /** Reads statements up to a closing bracket, which is left to the caller. */
  private block(end: string): void {
    let statement = this.begin();
    while (!this.done) {
      const offset = this.offset;
      const hole = this.hole();
      if (hole) this.wholeWord(statement, hole);
      else if (SPACE.has(this.char()) || this.sees(',')) this.skip();
      else if (end !== '' && this.sees(end)) return;
      else if (this.sees(')') || this.sees('}')) this.unsupported('this bracket closes nothing');
      else if (this.sees('`\n')) this.skip(2);
      else if (this.take('\n') || this.take(';') || this.take('||') || this.take('&&') || this.take('|'))
        statement = this.begin();
      else if (this.take('&') || (statement.words.length === 0 && this.isDotSource()))
        statement = this.begin(true);
      else if (this.sees('#')) this.lineComment();
      else if (this.take('<#')) this.blockComment(offset);
      else if (this.sees('<')) this.unsupported('"<" has no meaning here');
      else if (this.take('>')) this.redirection();
      else if (this.take('(')) this.bracket(statement, offset, null, ')');
      else if (this.take('{'))
        this.bracket(
          statement,
          offset,
          'inside { }: set a variable first, $v = {{ … }}, and use $v there',
          '}',
        );
      else if (this.take('@('))
        this.bracket(statement, offset, 'inside @( ): set a variable first, $v = {{ … }}', ')');
      else if (this.take('@{'))
        this.bracket(statement, offset, 'inside @{ }: set a variable first, $v = {{ … }}', '}');
      else if (this.isHereString()) statement.words.push(this.hereString(offset));
      else statement = this.word(statement);
    }
  }

  private isDotSource(): boolean {
    if (
      !this.sees('.') ||
      !(SPACE.has(this.char(1)) || this.hole(1) !== null || '("\'$'.includes(this.char(1)))
    )
      return false;
    this.skip();
    return true;
  }

  private bracket(statement: PsStatement, offset: number, reason: string | null, end: string): void {
    if (reason === null) {
      this.block(end);
      if (!this.take(end)) this.unsupported('this bracket is never closed', offset);
    } else this.within(reason, end);
    statement.words.push({ text: null, holes: [], quoted: false, offset });
    this.callsAfterWord();
  }

  /** `.Method(…)` or `[index]` right after an expression. */
  private callsAfterWord(): void {
    if (this.hole()) this.refuse(this.offset, 'right after a bracket: put a space between');
  }

  private redirection(): void {
    this.take('>');
    if (this.take('&') && !/[0-9]/.test(this.char())) this.unsupported('this redirection is not plain');
  }

  private atWordEnd(): boolean {
    return this.done || (!this.hole() && WORD_END.has(this.char()));
  }

  private placed(word: PsWord, hole: Hole, quote: PsQuote): void {
    if (this.inside !== null) this.refuse(hole.offset, this.inside);
    word.holes.push({ hole, quote });
    word.text = null;
  }

  private wholeWord(statement: PsStatement, hole: Hole): void {
    const word: PsWord = { text: null, holes: [], quoted: true, offset: hole.offset };
    this.placed(word, hole, 'bare');
    this.skip();
    if (!this.atWordEnd() || this.sees('(') || this.sees('{')) {
      this.refuse(
        hole.offset,
        'beside other text: put the whole argument in double quotes, "--name={{ … }}"',
      );
    }
    while (!this.atWordEnd()) this.wordPart(word);
    statement.words.push(word);
  }

  private word(statement: PsStatement): PsStatement {
    const word: PsWord = { text: '', holes: [], quoted: this.startsQuoted(), offset: this.offset };
    const { quoted } = word;
    if (quoted) this.quotedString(word);
    if (quoted && word.holes.length > 0 && !this.atWordEnd()) this.refuseBeside(word);
    const inString = word.holes.length;
    while (!this.atWordEnd()) this.wordPart(word);
    if (word.holes.length > inString) this.refuseBeside(word);
    if (this.sees('(') && word.text !== '') this.methodCall();
    if (word.text === '--%') this.unsupported("--% ends PowerShell's own reading of the line");
    statement.words.push(word);
    if (statement.words.length === 2 && word.text !== null && ASSIGNMENTS.has(word.text))
      return this.begin(false, true);
    return statement;
  }

  private refuseBeside(word: PsWord): void {
    for (const { hole } of word.holes)
      this.refuse(
        hole.offset,
        'beside other text: put the whole argument in double quotes, "--name={{ … }}"',
      );
  }

  private methodCall(): void {
    this.skip();
    this.within('in the arguments of a method: set a variable first, $v = {{ … }}', ')');
    while (!this.atWordEnd()) this.wordPart({ text: null, holes: [], quoted: false, offset: this.offset });
    if (this.sees('(')) this.methodCall();
  }

  private wordPart(word: PsWord): void {
    const hole = this.hole();
    if (hole) {
      this.placed(word, hole, 'bare');
      this.skip();
    } else if (this.startsQuoted()) this.quotedString(word);
    else if (this.sees('$')) this.variable(word, false);
    else if (this.take('`')) this.escaped(word);
    else if (/[^\S \t\n]|[\u0085]/.test(this.char())) this.unsupported('an unusual space stands here');
    else this.literal(word);
  }

  private literal(word: PsWord): void {
    if (word.text !== null) word.text += this.char();
    this.skip();
  }

  private escaped(word: PsWord): void {
    if (this.hole()) this.refuse(this.offset, 'right after a backtick: take the backtick out');
    else if (!this.done) this.literal(word);
  }

  private quotedString(word: PsWord): void {
    const start = this.offset;
    const kind = SINGLE_QUOTES.includes(this.char()) ? SINGLE_QUOTES : DOUBLE_QUOTES;
    this.skip();
    for (;;) {
      const hole = this.hole();
      if (this.done) this.unsupported('this quote is never closed', start);
      if (hole) {
        this.placed(word, hole, kind === SINGLE_QUOTES ? 'single' : 'double');
        this.skip();
      } else if (kind.includes(this.char())) {
        this.skip();
        if (this.char() === '' || !kind.includes(this.char())) return;
        this.literal(word);
      } else if (kind === DOUBLE_QUOTES && this.sees('$')) this.variable(word, true);
      else if (kind === DOUBLE_QUOTES && this.take('`')) this.escaped(word);
      else this.literal(word);
    }
  }

  private variable(word: PsWord, quoted: boolean): void {
    const offset = this.offset;
    this.skip();
    if (this.take('(')) {
      word.text = null;
      return this.within('inside $( ): set a variable first, $v = {{ … }}', ')');
    }
    if (this.take('{')) {
      word.text = null;
      for (; !this.take('}'); this.skip()) {
        if (this.done) this.unsupported('this ${ is never closed', offset);
        if (this.hole()) this.refuse(this.offset, 'inside ${ }');
      }
      return;
    }
    let name = '';
    for (; /[\p{L}\p{N}_?:$^]/u.test(this.char()); this.skip()) name += this.char();
    if (name === '') word.text = word.text === null ? null : `${word.text}$`;
    else word.text = null;
    if (this.hole() && (quoted || name === '')) {
      this.refuse(
        this.offset,
        'right after "$" or a variable, where it would become part of the name: write ${name}',
      );
    }
  }
}
