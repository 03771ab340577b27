const MASK = '***';
/** Lines of a secret of several lines (a private key) that are masked by themselves too. */
const MIN_LINE = 8;

/**
 * Masks secrets in a text that arrives in pieces: a piece's end that may be the start of a secret is held back until
 * the next piece decides, so a secret is found however it is cut.
 */
export class SecretMasker {
  private readonly secrets: string[];
  private readonly pattern: RegExp | null;
  private readonly longest: number;
  private held = '';

  constructor(secrets: Iterable<string>) {
    this.secrets = [...new Set([...secrets].flatMap(withLines))].sort((a, b) => b.length - a.length);
    this.longest = this.secrets[0]?.length ?? 0;
    const escaped = this.secrets.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.pattern = escaped.length === 0 ? null : new RegExp(escaped.join('|'), 'g');
  }

  push(piece: string): string {
    if (this.pattern === null) return piece;
    const text = this.held + piece;
    const { masked, end } = this.maskUpTo(text, this.possibleStart(text, 0));
    this.held = text.slice(end);
    return masked;
  }

  /** What was held back, when nothing more comes. */
  flush(): string {
    const { masked } = this.maskUpTo(this.held, this.held.length);
    this.held = '';
    return masked;
  }

  /** Masks what lies before `limit`; a secret across it pushes the limit behind itself. */
  private maskUpTo(text: string, limit: number): { masked: string; end: number } {
    let masked = '';
    let at = 0;
    let end = limit;
    for (const match of this.pattern === null ? [] : text.matchAll(this.pattern)) {
      if (match.index >= end) break;
      masked += text.slice(at, match.index) + MASK;
      at = match.index + match[0].length;
      if (at > end) end = limit === text.length ? text.length : this.possibleStart(text, at);
    }
    return { masked: masked + text.slice(at, end), end };
  }

  /** From where the end of the text may be the beginning of a secret. */
  private possibleStart(text: string, from: number): number {
    for (let start = Math.max(from, text.length - this.longest + 1); start < text.length; start++) {
      const rest = text.slice(start);
      if (this.secrets.some((secret) => secret.length > rest.length && secret.startsWith(rest))) return start;
    }
    return text.length;
  }
}

/** A whole text at once. */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  const masker = new SecretMasker(secrets);
  return masker.push(text) + masker.flush();
}

function withLines(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const several = lines.length > 1 ? lines.filter((line) => line.length >= MIN_LINE) : [];
  return [secret, secret.trim(), ...several].filter((text) => text !== '');
}
