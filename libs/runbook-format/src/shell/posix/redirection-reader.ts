import { bareText, staticText, type Redirection, type Script, type Word } from './syntax.js';
import { INSIDE } from './refusal-texts.js';
import { WordReader } from './word-reader.js';

/** Longest first, as the shell reads them. */
export const REDIRECTIONS = ['&>>', '&>', '<<<', '<<-', '<<', '<&', '<>', '<', '>>', '>&', '>|', '>'];

interface Heredoc {
  delimiter: string;
  stripTabs: boolean;
  offset: number;
}

/** Redirections, here-documents and comments. */
export abstract class RedirectionReader extends WordReader {
  readonly script: Script = { commands: [], loops: [], fragile: [] };
  /** Here-documents whose text begins after the line that is being read. */
  protected heredocs: Heredoc[] = [];

  protected comment(): void {
    while (!this.done && !this.sees('\n')) {
      const hole = this.hole();
      if (hole) this.refuse(hole.offset, INSIDE.comment);
      this.skip();
    }
  }

  protected heredocBody(heredoc: Heredoc): void {
    let body = '';
    while (!this.done) {
      let line = '';
      let holes = 0;
      for (; !this.done && !this.sees('\n'); this.skip()) {
        const hole = this.hole();
        if (hole) this.refuse(hole.offset, INSIDE.heredoc);
        if (hole) holes++;
        line += this.char();
      }
      this.skip();
      if (holes === 0 && (heredoc.stripTabs ? line.replace(/^\t+/, '') : line) === heredoc.delimiter) break;
      body += `${line}\n`;
    }
    const names = [...body.matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*|[0-9@*])/g)].map((match) => match[1] ?? '');
    if (body.includes('`') || body.includes('$('))
      names.push(...(body.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []));
    this.script.fragile.push({ names, offset: heredoc.offset, where: 'in a here-document' });
  }

  protected isDescriptor(word: Word): boolean {
    const text = bareText(word);
    return (
      text !== null &&
      (this.sees('<') || this.sees('>')) &&
      /^(?:[0-9]+|\{[A-Za-z_][A-Za-z0-9_]*\})$/.test(text)
    );
  }

  protected redirection(into: Redirection[], operator: string): void {
    const offset = this.offset;
    this.take(operator);
    this.skipBlanks();
    if (operator === '<<' || operator === '<<-') return this.heredoc(operator === '<<-', offset);
    let target: Word = { parts: [], offset };
    const read = (): void => {
      target = this.readWord();
    };
    if (operator === '<&' || operator === '>&') this.within('after >& or <&, which take a number', read);
    else if (operator === '<<<')
      this.within("after <<<, which not every shell knows: use printf '%s\\n' {{ … }} | …", read);
    else read();
    if (target.parts.length === 0) this.unsupported('nothing follows this redirection', offset);
    into.push({ operator, target });
  }

  private heredoc(stripTabs: boolean, offset: number): void {
    let word: Word = { parts: [], offset };
    this.within('in the delimiter of a here-document', () => {
      word = this.readWord();
    });
    const delimiter = staticText(word);
    if (delimiter === null || word.parts.length === 0)
      this.unsupported('the delimiter of this here-document is not plain', offset);
    this.heredocs.push({ delimiter, stripTabs, offset });
  }
}
