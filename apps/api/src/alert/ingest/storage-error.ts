import { messageOf, OperationalError } from '../../platform/index.js';
import { ConcurrentOpenError } from './ingest.repository.js';

/** SQLSTATE of an error from PostgreSQL, or the code of one from the socket. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && 'driverError' in error ? error.driverError : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return '';
}

/** Classes 08, 25, 40, 53, 55, 57, 58 of SQLSTATE and errors of the socket: the database, not what we gave it. */
const awayCode = /^(08|25|40|53|55|57|58)...$|^E[A-Z]{3,}$/;
/** What `pg` says without a code when a connection ends or none is to be had. */
const awayMessage = /connection (terminated|ended|error)|timeout exceeded|not queryable|pool/i;

/**
 * Why a batch was not stored: `raced` is worth another try at once (serialization failure, deadlock, an alert opened by
 * another process), `away` is the database's own trouble, anything else is something in the `data` of one request.
 */
export function classifyStorageError(error: unknown): 'raced' | 'data' | 'away' {
  const code = codeOf(error);
  if (error instanceof ConcurrentOpenError || ['40001', '40P01', '23505'].includes(code)) return 'raced';
  return awayCode.test(code) || (code === '' && awayMessage.test(messageOf(error))) ? 'away' : 'data';
}

/** What the sender is told: try again, and soon. */
export function storageAway(error: unknown): OperationalError {
  return new OperationalError(
    'Alerts cannot be stored right now, and none of these was. Send them again in a moment.',
    {
      cause: error,
      retryAfterSeconds: 5,
    },
  );
}
