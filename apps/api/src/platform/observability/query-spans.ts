import type { AppConfig } from '../config/config.js';
import { PreparingClient } from '../database/preparing-client.js';
import { activeTrace } from './active-trace.js';
import { names } from './attributes.js';
import type { OpenSpan, SpanSpec } from './span.js';
import { describeQuery } from './query-text.js';
import type { Tracing } from './tracing.service.js';

/**
 * A connection whose queries are spans of the trace that they are made in; those outside of one, such as looks into
 * queues, are none. The text of a statement is told, its values never.
 * @param databaseUrl names host, port and database for the spans
 */
export function tracedClient(databaseUrl: string): typeof PreparingClient {
  const place = placeOf(databaseUrl);
  return class TracedClient extends PreparingClient {
    constructor(...given: ConstructorParameters<typeof PreparingClient>) {
      super(...given);
      const query = this.query.bind(this);
      const traced = (...request: unknown[]): unknown => {
        const text = textOf(request[0]);
        const trace = activeTrace();
        if (text === undefined || trace?.recorder === undefined || trace.recorder === null) {
          return Reflect.apply(query, this, request);
        }
        const span = trace.recorder.start(specOf(text, place), trace.context);
        return watched(span, request, (args) => Reflect.apply(query, this, args) as unknown);
      };
      Object.defineProperty(this, 'query', { value: traced });
    }
  };
}

/** The kind of connection that an engine uses: the traced one only where spans are exported. */
export function clientFor(config: AppConfig, tracing: Tracing): typeof PreparingClient {
  return tracing.recorder === null ? PreparingClient : tracedClient(config.databaseUrl);
}

type Answered = (error: unknown, ...rest: unknown[]) => void;

function watched(span: OpenSpan, request: unknown[], query: (request: unknown[]) => unknown): unknown {
  const last = request.at(-1);
  if (typeof last === 'function') {
    const answered: Answered = (error, ...rest) => {
      endSpan(span, error);
      (last as Answered)(error, ...rest);
    };
    return query([...request.slice(0, -1), answered]);
  }
  const answer = query(request);
  if (answer instanceof Promise) {
    answer.then(
      () => endSpan(span, null),
      (error: unknown) => endSpan(span, error),
    );
  } else span.end();
  return answer;
}

/** Messages of PostgreSQL quote values; its codes do not (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
function endSpan(span: OpenSpan, error: unknown): void {
  if (error !== null && error !== undefined) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    span.set({ [names.dbStatus]: code });
    span.fail(code);
  }
  span.end();
}

/** The statement; undefined for cursors and the like, which bring their own way of running. */
function textOf(request: unknown): string | undefined {
  if (typeof request === 'string') return request;
  if (typeof request !== 'object' || request === null || 'submit' in request || !('text' in request))
    return undefined;
  return typeof request.text === 'string' ? request.text : undefined;
}

type Place = Record<string, string | number>;

function specOf(text: string, place: Place): SpanSpec {
  const { shown, operation, summary } = describeQuery(text);
  return {
    name: summary,
    kind: 'client',
    attributes: {
      ...place,
      [names.dbQuery]: shown,
      [names.dbOperation]: operation,
      [names.dbSummary]: summary,
    },
  };
}

function placeOf(databaseUrl: string): Place {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return {
    [names.dbSystem]: 'postgresql',
    [names.dbNamespace]: decodeURIComponent(pathname.slice(1)),
    [names.address]: hostname,
    [names.port]: port === '' ? 5432 : Number(port),
  };
}
