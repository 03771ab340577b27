import { OperationalError, UserError } from './errors.js';

/** SQLSTATE codes, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
/** `ON DELETE RESTRICT` has a code of its own since PostgreSQL 18. */
const RESTRICT_VIOLATION = '23001';
const textThatCannotBeStored = new Set(['22021', '22P05']);
/** Serialization failure, deadlock, lock not available, statement cancelled by its time limit. */
const worthAnotherTry = new Set(['40001', '40P01', '55P03', '57014']);
/** Shutting down, starting up, too many connections. */
const serverAway = new Set(['57P01', '57P02', '57P03', '53300']);
const socketAway = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EHOSTUNREACH']);
const poolAway = /timeout exceeded when trying to connect|connection terminated/i;

/**
 * What a failure of the database means for the caller, or null when it is our own fault. None of PostgreSQL's
 * text is passed on: it quotes statements and values.
 */
export function fromDatabaseError(error: unknown): UserError | OperationalError | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === UNIQUE_VIOLATION) {
    return new UserError('conflict', 'Something with the same name or key was stored at the same moment.');
  }
  if (code === FOREIGN_KEY_VIOLATION || code === RESTRICT_VIOLATION) {
    return new UserError('conflict', 'Something else still refers to this, or what this refers to is gone.');
  }
  if (textThatCannotBeStored.has(code)) {
    return new UserError('validation', 'Text must not contain the character U+0000.');
  }
  if (worthAnotherTry.has(code)) {
    return new OperationalError('The database is busy. Try again.', { cause: error, retryAfterSeconds: 1 });
  }
  const away =
    serverAway.has(code) || code.startsWith('08') || socketAway.has(code) || poolAway.test(error.message);
  return away ? new OperationalError('The database cannot be reached right now.', { cause: error }) : null;
}
