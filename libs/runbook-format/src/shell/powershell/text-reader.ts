import type { TextProblem } from '../../model/problem.js';
import { TemplateError } from '../../template/error.js';
import type { Hole } from '../../template/template.js';
import { UnitReader } from '../units.js';
import { DOUBLE_QUOTES, SINGLE_QUOTES, type PsQuote } from './quote.js';

export interface PsWord {
  /** Null when it is only known at run time. */
  text: string | null;
  holes: { hole: Hole; quote: PsQuote }[];
  /** It began with a quote. */
  quoted: boolean;
  offset: number;
}

/** Comments and here-strings, in which no value can stand. */
export abstract class TextReader extends UnitReader {
  readonly refused: TextProblem[] = [];

  protected unsupported(message: string, offset = this.offset): never {
    throw new TemplateError(`${message}, so it cannot be told how a template must be quoted`, offset);
  }

  protected refuse(offset: number, where: string): void {
    this.refused.push({ offset, message: `a template cannot stand ${where}` });
  }

  protected lineComment(): void {
    for (; !this.done && !this.sees('\n'); this.skip()) {
      if (this.hole())
        this.refuse(this.offset, 'in a comment: a line break in the value would end it; take it out');
    }
  }

  protected blockComment(start: number): void {
    for (; !this.take('#>'); this.skip()) {
      if (this.done) this.unsupported('this comment is never closed', start);
      if (this.hole()) this.refuse(this.offset, 'in a comment: take it out');
    }
  }

  protected isHereString(): boolean {
    return this.sees('@') && this.char(1) !== '' && `${SINGLE_QUOTES}${DOUBLE_QUOTES}`.includes(this.char(1));
  }

  protected hereString(start: number): PsWord {
    const kind = SINGLE_QUOTES.includes(this.char(1)) ? SINGLE_QUOTES : DOUBLE_QUOTES;
    this.skip(2);
    for (;;) {
      if (this.done) this.unsupported('this here-string is never closed', start);
      if (this.hole()) this.refuse(this.offset, 'inside a here-string: use "…" with the line breaks in it');
      if (this.sees('\n') && this.char(1) !== '' && kind.includes(this.char(1)) && this.char(2) === '@')
        break;
      this.skip();
    }
    this.skip(3);
    return { text: null, holes: [], quoted: true, offset: start };
  }

  protected startsQuoted(): boolean {
    return this.char() !== '' && `${SINGLE_QUOTES}${DOUBLE_QUOTES}`.includes(this.char());
  }
}
