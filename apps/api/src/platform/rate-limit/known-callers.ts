import { hash } from 'node:crypto';

/** How long a credential is taken for its owner's without being checked: what counts is only whose budget it uses. */
const TRUST_MS = 60_000;
/** Credentials that are remembered at once. Only good ones ever are, so that guessing fills nothing. */
const MOST = 20_000;

interface Known {
  caller: string;
  until: number;
}

/**
 * Whose credential it is that a request shows, before it is checked: known are those that were found good within the
 * last minute. Every other one is as good as none. Credentials are kept as hashes.
 */
export class KnownCallers {
  private readonly known = new Map<string, Known>();

  constructor(private readonly most = MOST) {}

  get size(): number {
    return this.known.size;
  }

  /** @returns null for a credential that was not found good lately. */
  find(credential: string, now: number): string | null {
    const found = this.known.get(digest(credential));
    return found !== undefined && found.until > now ? found.caller : null;
  }

  /** The credential was checked just now, and is this caller's. */
  learn(credential: string, caller: string, now: number): void {
    const key = digest(credential);
    // Again at the end: the first of the map is then always the one that was learned longest ago.
    this.known.delete(key);
    const [oldest] = this.known.keys();
    if (oldest !== undefined && this.known.size >= this.most) this.known.delete(oldest);
    this.known.set(key, { caller, until: now + TRUST_MS });
  }
}

const digest = (credential: string): string => hash('sha256', credential, 'base64url');
