import { Logger } from '@nestjs/common';
import { fromDatabaseError } from '../errors/database-errors.js';
import { messageOf, OperationalError, UnexpectedError, UserError } from '../errors/errors.js';
import type { DatabaseSession } from './database-session.js';

/** An id that was not done, and why in words for the person who asked. */
export interface BulkFailure {
  id: string;
  error: string;
}

/** Each id asked for is in one of the two, once, in the order of asking. */
export interface BulkOutcome {
  success: string[];
  failed: BulkFailure[];
}

/**
 * Does one chunk inside its transaction and returns those it could not do; all others count as done. Throwing undoes
 * the chunk.
 */
export type BulkWork = (ids: string[]) => Promise<BulkFailure[]>;

interface BulkOptions {
  /** What the ids are of, in the singular: `alert`. */
  what: string;
  chunkSize?: number;
}

const CHUNK_SIZE = 100;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const logger = new Logger('bulk');

/**
 * Does the same to many things: one transaction for each chunk of ids, so that no lock is held for long. What is
 * done stays done when a later chunk fails. A chunk that fails is tried again id by id, so that one bad id does not
 * take its neighbours with it. While the database is away nothing more is tried, and the rest is told so.
 * @throws OperationalError when the surroundings fail before anything was done
 */
export async function inBulk(
  session: DatabaseSession,
  ids: readonly string[],
  { what, chunkSize = CHUNK_SIZE }: BulkOptions,
  work: BulkWork,
): Promise<BulkOutcome> {
  if (session.inTransaction) throw new UnexpectedError('A bulk action makes its own transactions');
  const asked = new Map(ids.map((id) => [uuid.test(id) ? id.toLowerCase() : id, id]));
  const errors = new Map<string, string>();
  const known = [...asked.keys()].filter((id) => uuid.test(id));
  for (const id of asked.keys()) if (!uuid.test(id)) errors.set(id, `There is no such ${what}.`);
  let done = 0;
  for (let start = 0; start < known.length; start += chunkSize) {
    const chunk = known.slice(start, start + chunkSize);
    const { failed, stop } = await doChunk(session, chunk, work);
    for (const { id, error } of failed) errors.set(id, error);
    done += chunk.length - failed.length;
    if (stop === undefined) continue;
    if (done === 0) throw stop;
    for (const id of known.slice(start + chunkSize)) errors.set(id, stop.message);
    break;
  }
  return outcome(asked, errors);
}

/** For work that is done to each by itself: a failure undoes its own writes and leaves the rest of the chunk alone. */
export function oneByOne(session: DatabaseSession, doOne: (id: string) => Promise<void>): BulkWork {
  return async (ids) => {
    const failed: BulkFailure[] = [];
    // Always in the same order, so that two callers never wait on each other in a circle.
    for (const id of [...ids].sort()) {
      await session.manager.query('SAVEPOINT bulk_item');
      try {
        await doOne(id);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        await session.manager.query('ROLLBACK TO SAVEPOINT bulk_item');
        failed.push({ id, error: error.message });
      }
      await session.manager.query('RELEASE SAVEPOINT bulk_item');
    }
    return failed;
  };
}

interface ChunkOutcome {
  failed: BulkFailure[];
  /** Why there is no sense in going on. */
  stop?: OperationalError;
}

async function doChunk(session: DatabaseSession, ids: string[], work: BulkWork): Promise<ChunkOutcome> {
  const whole = await attempt(session, ids, work);
  if (whole.error === undefined || ids.length === 1) return whole;
  const failed: BulkFailure[] = [];
  for (const [index, id] of ids.entries()) {
    const single = await attempt(session, [id], work);
    failed.push(...single.failed);
    if (single.stop === undefined) continue;
    const { stop } = single;
    failed.push(...ids.slice(index + 1).map((other) => ({ id: other, error: stop.message })));
    return { failed, stop };
  }
  return { failed };
}

async function attempt(
  session: DatabaseSession,
  ids: string[],
  work: BulkWork,
): Promise<ChunkOutcome & { error?: unknown }> {
  try {
    return { failed: await session.transaction(() => work(ids)) };
  } catch (error) {
    const known =
      error instanceof UserError || error instanceof OperationalError ? error : fromDatabaseError(error);
    const message = known?.message ?? 'It failed for a reason of our own; the log says more.';
    if (known === null) logger.error({ err: error, ids: ids.length }, messageOf(error));
    const failed = ids.map((id) => ({ id, error: message }));
    return known instanceof OperationalError ? { failed, error, stop: known } : { failed, error };
  }
}

function outcome(asked: Map<string, string>, errors: Map<string, string>): BulkOutcome {
  const success: string[] = [];
  const failed: BulkFailure[] = [];
  for (const [id, written] of asked) {
    const error = errors.get(id);
    if (error === undefined) success.push(written);
    else failed.push({ id: written, error });
  }
  return { success, failed };
}
