import { adviceFor } from './advice.js';

/** PostgreSQL could not be started or stopped; the message says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** Gives what the system refused (a full disk, a closed folder) a message that says what to do. */
export function explained(error: unknown, dataDir: string): EmbeddedPostgresError {
  if (error instanceof EmbeddedPostgresError) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new EmbeddedPostgresError(
    `PostgreSQL could not be started in ${dataDir}: ${said}. ${adviceFor(said)}`,
    { cause: error },
  );
}
