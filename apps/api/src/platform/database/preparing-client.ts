import pg, { type ClientConfig } from 'pg';
import { PreparedNames } from './prepared-names.js';

const BEGIN = 'START TRANSACTION';
const begun: pg.QueryResult = { command: 'START', rows: [], rowCount: null, oid: 0, fields: [] };

/**
 * A connection for an engine whose statements come again and again, and mostly several at once. For the option `Client` of
 * a pool that has `pipeline` on.
 *
 * - A statement that comes often is prepared: PostgreSQL parses it once, and plans it once or as often as pays. Under
 *   load, planning was a fifth of what the database did.
 * - What is sent in one turn of the event loop leaves in one packet.
 * - Nobody waits for the answer to the begin of a transaction. It can only fail with its connection, and then what comes
 *   after it fails too.
 */
export class PreparingClient extends pg.Client {
  private gathering = false;

  constructor(config?: string | ClientConfig) {
    super(config);
    const names = new PreparedNames();
    const query = this.query.bind(this);
    const prepared = (...request: unknown[]): unknown => {
      this.gather();
      const [text, values, ...rest] = request;
      if (text === BEGIN && values === undefined) return begin(query);
      if (typeof text !== 'string' || !Array.isArray(values)) return Reflect.apply(query, this, request);
      const name = names.of(text);
      if (name === null) return Reflect.apply(query, this, request);
      if (rest.length > 0) return Reflect.apply(query, this, [{ name, text, values }, ...rest]);
      return named(query, name, text, values);
    };
    Object.defineProperty(this, 'query', { value: prepared, configurable: true });
  }

  /** Holds back what is written until this turn of the event loop is over. */
  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    const { stream } = this.connection;
    stream.cork();
    process.nextTick(() => {
      this.gathering = false;
      stream.uncork();
    });
  }
}

/** The driver copies every part of a statement that it is given as an object, which is slow; its own class it takes as it is. */
function named(
  query: pg.Client['query'],
  name: string,
  text: string,
  values: unknown[],
): Promise<pg.QueryResult> {
  const answer = new Promise<pg.QueryResult>((done, failed) => {
    const statement = new pg.Query(text, values, (error, result) => (error ? failed(error) : done(result)));
    query(Object.assign(statement, { name }));
  });
  // As the driver does: the stack of an error leads to who asked, and not to the socket.
  return answer.catch((error: Error) => {
    Error.captureStackTrace(error);
    throw error;
  });
}

function begin(query: pg.Client['query']): Promise<pg.QueryResult> {
  // Whoever comes next on the connection is told.
  query(BEGIN).catch(() => undefined);
  return Promise.resolve(begun);
}
