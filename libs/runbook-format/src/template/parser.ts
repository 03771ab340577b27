import type { Comparison, Expression } from './ast.js';
import { TemplateError } from './error.js';
import { filterArity, suggestFilter } from './filters.js';
import { tokenize, type Token } from './tokens.js';

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const CONSTANTS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const WORDS = new Set(['and', 'or', 'not']);
const DEEPEST = 50;

/** Recursive descent over tokens. A template holds a value with filters; a condition adds comparisons and logic. */
class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: Token[]) {}

  value(): Expression {
    return this.whole(() => this.filtered());
  }

  condition(): Expression {
    return this.whole(() => this.or());
  }

  private whole(parse: () => Expression): Expression {
    const expression = parse();
    const rest = this.peek();
    if (rest.kind !== 'end') throw new TemplateError(`unexpected ${quoted(rest)}`, rest.offset);
    return expression;
  }

  private or(): Expression {
    let left = this.and();
    while (this.isWord('or')) {
      const { offset } = this.next();
      left = { type: 'logic', op: 'or', left, right: this.and(), offset };
    }
    return left;
  }

  private and(): Expression {
    let left = this.not();
    while (this.isWord('and')) {
      const { offset } = this.next();
      left = { type: 'logic', op: 'and', left, right: this.not(), offset };
    }
    return left;
  }

  private not(): Expression {
    if (!this.isWord('not')) return this.comparison();
    const { offset } = this.next();
    return this.nested(offset, () => ({ type: 'not', operand: this.not(), offset }));
  }

  private comparison(): Expression {
    const left = this.operand();
    const token = this.peek();
    if (!isComparison(token.text) || token.kind !== 'symbol') return left;
    this.next();
    const right = this.operand();
    const again = this.peek();
    if (again.kind === 'symbol' && isComparison(again.text)) {
      throw new TemplateError('comparisons cannot be chained; join them with "and"', again.offset);
    }
    return { type: 'compare', op: token.text, left, right, offset: token.offset };
  }

  private operand(): Expression {
    if (!this.isSymbol('(')) return this.filtered();
    const { offset } = this.next();
    const inner = this.nested(offset, () => this.or());
    this.expect(')');
    return inner;
  }

  private nested<T>(offset: number, parse: () => T): T {
    if (++this.depth > DEEPEST) throw new TemplateError('nested too deeply', offset);
    const result = parse();
    this.depth--;
    return result;
  }

  private filtered(): Expression {
    let input = this.primary();
    while (this.isSymbol('|')) {
      this.next();
      input = this.filter(input);
    }
    return input;
  }

  private filter(input: Expression): Expression {
    const token = this.next();
    const arity = token.kind === 'name' ? filterArity(token.text) : undefined;
    if (arity === undefined) {
      throw new TemplateError(`unknown filter ${quoted(token)}; ${suggestFilter(token.text)}`, token.offset);
    }
    const args: Expression[] = [];
    if (this.isSymbol(':')) {
      do {
        this.next();
        args.push(this.primary());
      } while (this.isSymbol(','));
    }
    if (args.length !== arity) {
      const takes = arity === 0 ? 'no argument' : `${arity} argument${arity > 1 ? 's' : ''} after a colon`;
      throw new TemplateError(`the filter "${token.text}" takes ${takes}`, token.offset);
    }
    return { type: 'filter', input, name: token.text, args, offset: token.offset };
  }

  private primary(): Expression {
    const token = this.next();
    const { offset } = token;
    if (token.kind === 'string') return { type: 'literal', value: token.text, offset };
    if (token.kind === 'number') return { type: 'literal', value: Number(token.text), offset };
    if (token.kind !== 'name' || WORDS.has(token.text)) throw new TemplateError(this.expected(token), offset);
    const constant = CONSTANTS.get(token.text);
    if (constant !== undefined) return { type: 'literal', value: constant, offset };
    return { type: 'path', path: this.pathAfter(token.text), offset };
  }

  private expected(token: Token): string {
    if (token.text === '.') {
      return 'a name goes before "."; to print braces for another tool write {{ "{{" }} and {{ "}}" }}';
    }
    return `expected a name or a value, found ${quoted(token)}`;
  }

  private pathAfter(first: string): (string | number)[] {
    const path: (string | number)[] = [first];
    for (;;) {
      if (this.isSymbol('.')) {
        this.next();
        const part = this.next();
        if (part.kind !== 'name')
          throw new TemplateError(`expected a name after ".", found ${quoted(part)}`, part.offset);
        path.push(part.text);
      } else if (this.isSymbol('[')) {
        this.next();
        path.push(this.index());
        this.expect(']');
      } else {
        return path;
      }
    }
  }

  private index(): string | number {
    const token = this.next();
    if (token.kind === 'string') return token.text;
    if (token.kind === 'number' && /^[0-9]+$/.test(token.text)) return Number(token.text);
    throw new TemplateError('expected a quoted name or a position inside [ ]', token.offset);
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '', offset: 0 };
  }

  private next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at++;
    return token;
  }

  private isSymbol(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === text;
  }

  private isWord(text: string): boolean {
    const token = this.peek();
    return token.kind === 'name' && token.text === text;
  }

  private expect(text: string): void {
    const token = this.next();
    if (token.kind !== 'symbol' || token.text !== text) {
      throw new TemplateError(`expected "${text}", found ${quoted(token)}`, token.offset);
    }
  }
}

function isComparison(text: string): text is Comparison {
  return COMPARISONS.has(text);
}

function quoted(token: Token): string {
  return token.kind === 'end' ? 'the end' : JSON.stringify(token.text);
}

/** Parses what stands between `{{` and `}}`. @throws TemplateError */
export function parseValue(source: string, base = 0): Expression {
  return new Parser(tokenize(source, base)).value();
}

/** Parses the text of a `when`. @throws TemplateError */
export function parseCondition(source: string): Expression {
  return new Parser(tokenize(source)).condition();
}
