import { GENESIS, hashOf, type ChainedEntry } from './canonical.js';

/** A place in the chain and the hash there: the newest as the database knows it, or one that was kept elsewhere. */
export interface ChainPoint {
  position: number;
  hash: string;
}

/** The first thing that is wrong. */
export interface ChainFault {
  /** Of the entry where it shows. */
  position: number;
  message: string;
}

/**
 * Goes along the chain from its first entry and stops at the first that is wrong. `anchor` is a point that was kept where
 * whoever writes the database cannot reach: with it a log that was written anew as a whole is found too.
 */
export class ChainCheck {
  private last: ChainPoint = { position: 0, hash: GENESIS };

  constructor(private readonly anchor: ChainPoint | null = null) {}

  /** The newest entry that was found to be right. */
  get reached(): ChainPoint {
    return this.last;
  }

  next(entry: ChainedEntry): ChainFault | null {
    const position = Number(entry.position);
    const expected = this.last.position + 1;
    if (position > expected) return missing(expected, position - 1);
    const fault = (message: string): ChainFault => ({ position, message });
    if (position < expected) return fault('There is an entry where the chain does not begin yet.');
    if (entry.hash !== hashOf(entry)) {
      return fault(`The content of entry ${position} is not what was hashed: it was changed.`);
    }
    if (entry.previous_hash !== this.last.hash) {
      return fault(
        `Entry ${position} does not follow the entry before it: that one was replaced, or this one was.`,
      );
    }
    if (this.anchor?.position === position && this.anchor.hash !== entry.hash) {
      return fault(`Entry ${position} has another hash than was kept: the log was written anew.`);
    }
    this.last = { position, hash: entry.hash };
    return null;
  }

  /** After the last entry; `head` is null when the database has lost it. */
  end(head: ChainPoint | null): ChainFault | null {
    const { position, hash } = this.last;
    if (head === null)
      return { position, message: 'The head of the log, which names its newest entry, is gone.' };
    const promised = Math.max(head.position, this.anchor?.position ?? 0);
    if (promised > position) return missing(position + 1, promised);
    if (head.position < position || head.hash !== hash) {
      return { position, message: `The head of the log does not name its newest entry, ${position}.` };
    }
    return null;
  }
}

const missing = (from: number, to: number): ChainFault => ({
  position: from,
  message: from === to ? `Entry ${from} is missing.` : `The entries ${from} to ${to} are missing.`,
});

/** `1234:<64 hex digits>`, as `verify` prints it; null when it is not one. */
export function parseAnchor(text: string): ChainPoint | null {
  const match = /^([1-9]\d{0,14}):([0-9a-f]{64})$/i.exec(text.trim());
  const [, position, hash] = match ?? [];
  return position === undefined || hash === undefined
    ? null
    : { position: Number(position), hash: hash.toLowerCase() };
}
