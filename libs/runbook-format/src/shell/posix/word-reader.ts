import type { Unit } from '../units.js';
import { UnitReader } from '../units.js';
import type { TextProblem } from '../../model/problem.js';
import { TemplateError } from '../../template/error.js';
import { INSIDE } from './refusal-texts.js';
import type { Part, Quote, Word } from './syntax.js';

const BLANK = new Set([' ', '\t']);
const WORD_END = new Set([' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')']);
const ESCAPED_IN_DOUBLE = new Set(['$', '`', '"', '\\', '\n']);
const PLAIN = /[A-Za-z0-9_ +\-*/%<>=!&|^~?:,.$#@]/;

/** Reads words with everything that can be in them; knows at every point how the shell would take the next character. */
export abstract class WordReader extends UnitReader {
  readonly refused: TextProblem[] = [];
  /** Why no hole may stand here; null where one may. */
  protected inside: string | null = null;

  constructor(units: Unit[]) {
    super(units);
  }

  /** Parses the commands of a substitution up to its closing parenthesis. */
  protected abstract commandsUntilParenthesis(): void;

  protected unsupported(message: string, offset = this.offset): never {
    throw new TemplateError(`${message}, so it cannot be told how a template must be quoted`, offset);
  }

  protected refuse(offset: number, where: string): void {
    this.refused.push({ offset, message: `a template cannot stand ${where}` });
  }

  protected within(reason: string, read: () => void): void {
    const before = this.inside;
    this.inside ??= reason;
    read();
    this.inside = before;
  }

  protected atWordEnd(): boolean {
    return this.done || (!this.hole() && WORD_END.has(this.char()));
  }

  protected skipBlanks(): void {
    for (;;) {
      if (BLANK.has(this.char())) this.skip();
      else if (!this.take('\\\n')) return;
    }
  }

  protected readWord(): Word {
    const word: Word = { parts: [], offset: this.offset };
    if (this.sees('#')) this.unsupported('a comment stands where a word is expected');
    while (!this.atWordEnd() || this.sees('<(') || this.sees('>(')) this.readBarePart(word.parts);
    return word;
  }

  private readBarePart(parts: Part[]): void {
    const offset = this.offset;
    if (this.hole()) return this.readHole(parts, 'bare');
    if (this.take('\\\n')) return;
    if (this.take('\\')) return this.readEscaped(parts, 'bare', offset);
    if (this.take("'")) return this.readSingle(parts, offset);
    if (this.take('"')) return this.readDouble(parts, offset);
    if (this.sees('`') || this.sees('$')) return this.readExpansion(parts, 'bare');
    if (this.sees('<(') || this.sees('>(')) return this.readProcess(parts, offset);
    this.addText(parts, this.char(), 'bare', offset);
    this.skip();
  }

  private addText(parts: Part[], text: string, quote: Quote, offset: number): void {
    const last = parts.at(-1);
    if (last?.type === 'text' && last.quote === quote) last.text += text;
    else parts.push({ type: 'text', text, quote, offset });
  }

  private readHole(parts: Part[], quote: Quote): void {
    const hole = this.hole();
    if (!hole) return;
    const last = parts.at(-1);
    if (this.inside !== null) this.refuse(hole.offset, this.inside);
    else if (quote === 'double' && last?.type === 'expansion' && last.open) {
      this.refuse(hole.offset, 'right after a variable, where it would lengthen its name: write ${name}');
    }
    parts.push({ type: 'hole', hole, quote, offset: hole.offset });
    this.skip();
  }

  private refuseHoleAfter(what: string): void {
    const hole = this.hole();
    if (hole)
      this.refuse(hole.offset, `right after ${what}, which would change its meaning: take the ${what} out`);
  }

  private readEscaped(parts: Part[], quote: Quote, offset: number): void {
    this.refuseHoleAfter('backslash');
    if (this.hole()) return;
    // An escaped character is literal, as if it stood in single quotes.
    this.addText(parts, this.done ? '\\' : this.char(), quote === 'bare' ? 'single' : quote, offset);
    this.skip();
  }

  private readSingle(parts: Part[], offset: number): void {
    this.addText(parts, '', 'single', offset);
    while (!this.take("'")) {
      if (this.done) this.unsupported('this quote is never closed', offset);
      if (this.hole()) this.readHole(parts, 'single');
      else {
        this.addText(parts, this.char(), 'single', this.offset);
        this.skip();
      }
    }
  }

  private readDouble(parts: Part[], start: number): void {
    parts.push({ type: 'text', text: '', quote: 'double', offset: start });
    while (!this.take('"')) {
      const offset = this.offset;
      if (this.done) this.unsupported('this quote is never closed', start);
      if (this.hole()) this.readHole(parts, 'double');
      else if (this.sees('\\') && (this.hole(1) || ESCAPED_IN_DOUBLE.has(this.char(1)))) {
        this.skip();
        if (!this.take('\n')) this.readEscaped(parts, 'double', offset);
      } else if (this.sees('`') || this.sees('$')) this.readExpansion(parts, 'double');
      else {
        this.addText(parts, this.char(), 'double', offset);
        this.skip();
      }
    }
  }

  private readExpansion(parts: Part[], quote: Quote): void {
    const offset = this.offset;
    const add = (names: string[], complex: boolean, open = false): void => {
      parts.push({ type: 'expansion', names, complex, open, quote, offset });
    };
    if (this.take('`')) return add(this.readBackquotes(offset), true);
    if (this.take('$((')) return add(this.readArithmetic(offset), true);
    if (this.take('$(')) return add(this.readSubstitution(INSIDE.substitution), false);
    if (this.take('${')) return this.readParameter(add, offset);
    if (quote === 'bare' && this.take("$'")) return this.readAnsi(parts, offset);
    if (quote === 'bare' && this.take('$"'))
      return this.within(INSIDE.locale, () => this.readDouble(parts, offset));
    if (this.sees('$[')) this.unsupported('$[ ] is arithmetic in some shells and text in others');
    this.skip();
    this.readName(parts, quote, offset, add);
  }

  private readName(
    parts: Part[],
    quote: Quote,
    offset: number,
    add: (names: string[], complex: boolean, open: boolean) => void,
  ): void {
    let name = '';
    if (/[A-Za-z_]/.test(this.char())) {
      while (/[A-Za-z0-9_]/.test(this.char())) {
        name += this.char();
        this.skip();
      }
    } else if (/[0-9@*#?$!-]/.test(this.char())) {
      name = this.char();
      this.skip();
    }
    if (this.sees('\\\n')) this.unsupported('a line continues in the middle of a variable');
    if (name !== '') return add([name], false, true);
    this.addText(parts, '$', quote, offset);
    this.refuseHoleAfter('"$"');
  }

  private readBackquotes(start: number): string[] {
    let raw = '';
    while (!this.take('`')) {
      if (this.sees('\\')) this.skip();
      const hole = this.hole();
      if (this.done) this.unsupported('these backquotes are never closed', start);
      if (hole) this.refuse(hole.offset, INSIDE.backquotes);
      raw += this.char();
      this.skip();
    }
    const odd = (quote: string): boolean => raw.split(quote).length % 2 === 0;
    if (odd("'") || odd('"')) this.unsupported('quotes inside backquotes do not pair up', start);
    return identifiers(raw);
  }

  /** Arithmetic of plain names, numbers and operators; what is more intricate is read differently by different shells. */
  private readArithmetic(start: number): string[] {
    let raw = '';
    let depth = 0;
    for (;;) {
      const hole = this.hole();
      if (hole) this.refuse(hole.offset, INSIDE.arithmetic);
      else if (depth === 0 && this.take('))')) return identifiers(raw);
      else if (this.sees('(')) depth++;
      else if (this.sees(')')) depth--;
      else if (!PLAIN.test(this.char()) || this.sees('$('))
        this.unsupported('this arithmetic is too intricate', start);
      if (depth < 0) this.unsupported('this arithmetic is too intricate', start);
      raw += this.char();
      this.skip();
    }
  }

  private readParameter(add: (names: string[], complex: boolean) => void, start: number): void {
    let raw = '';
    while (!this.take('}')) {
      const hole = this.hole();
      if (hole) this.refuse(hole.offset, INSIDE.parameter);
      else if (this.done || /['"\\`{\n]/.test(this.char()) || this.sees('$(')) {
        this.unsupported('what stands in these ${ } is too intricate', start);
      }
      raw += this.char();
      this.skip();
    }
    add(identifiers(raw), !/^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])$/.test(raw));
  }

  private readAnsi(parts: Part[], start: number): void {
    while (!this.take("'")) {
      const hole = this.hole();
      if (this.done) this.unsupported('this quote is never closed', start);
      if (this.sees("\\'")) this.unsupported("\\' inside $'…' is read differently by different shells");
      if (hole) this.refuse(hole.offset, INSIDE.ansi);
      this.skip();
    }
    parts.push({ type: 'expansion', names: [], complex: true, open: false, quote: 'single', offset: start });
  }

  /** Reads up to the closing parenthesis; what comes out depends on the variables that went in. */
  private readSubstitution(reason: string): string[] {
    const start = this.at;
    this.within(reason, () => this.commandsUntilParenthesis());
    const raw = this.units.slice(start, this.at).map((unit) => ('char' in unit ? unit.char : ' '));
    return [...raw.join('').matchAll(/\$\{?[!#]?([A-Za-z_][A-Za-z0-9_]*|[0-9@*])/g)].map(
      (match) => match[1] ?? '',
    );
  }

  private readProcess(parts: Part[], offset: number): void {
    this.skip(2);
    const names = this.readSubstitution(INSIDE.process);
    parts.push({ type: 'expansion', names, complex: false, open: false, quote: 'single', offset });
  }
}

function identifiers(raw: string): string[] {
  return raw.match(/[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*]/g) ?? [];
}
