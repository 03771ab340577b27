import { Agent, type Dispatcher } from 'undici';
import { activeTrace, failed, traceHeaders } from './active-trace.js';
import { names } from './attributes.js';
import type { OpenSpan, SpanSpec } from './span.js';

type Headers = Dispatcher.DispatchOptions['headers'];

/**
 * Connections to other services whose requests are spans of the trace that they are made in, each redirect one of its own,
 * and which tell that trace to hosts that may know it. Of an address only host and port are told: webhooks have
 * their secrets in the path, and others in the query.
 */
export class TracedAgent extends Agent {
  override dispatch(options: Agent.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const trace = activeTrace();
    const { origin } = options;
    if (trace === undefined || origin === undefined) return super.dispatch(options, handler);
    const url = new URL(origin);
    const span = trace.recorder?.start(specOf(options.method, url), trace.context);
    const told = traceHeaders(url.href, span?.context);
    const telling = { ...options, headers: withHeaders(options.headers, told) };
    if (span === undefined) return super.dispatch(telling, handler);
    try {
      return super.dispatch(telling, watched(handler, span));
    } catch (error) {
      failed(span, error);
      span.end();
      throw error;
    }
  }
}

function specOf(method: string, { protocol, hostname, port }: URL): SpanSpec {
  return {
    name: method,
    kind: 'client',
    attributes: {
      [names.method]: method,
      [names.scheme]: protocol.replace(':', ''),
      [names.address]: hostname,
      [names.port]: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    },
  };
}

/** What a runbook says itself about the trace holds. */
function withHeaders(given: Headers, told: Record<string, string>): Headers {
  if (Object.keys(told).length === 0) return given;
  const known = entriesOf(given);
  if (known.some(([name]) => name.toLowerCase() === 'traceparent')) return given;
  return [...known, ...Object.entries(told)].flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [name, one]),
  );
}

type Entry = [string, string | string[]];

/** Pairs of any of the forms in which undici takes headers. */
function entriesOf(given: Headers): Entry[] {
  if (given === undefined || given === null) return [];
  if (Array.isArray(given) && given.every((part) => typeof part === 'string')) {
    return given.flatMap((name, index) => (index % 2 === 0 ? [[name, given[index + 1] ?? ''] as Entry] : []));
  }
  const pairs =
    Symbol.iterator in given ? [...(given as Iterable<[string, unknown]>)] : Object.entries(given);
  return pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value as string | string[]] as Entry],
  );
}

/** The handler, with an eye on how the answer begins and ends. */
function watched(handler: Dispatcher.DispatchHandler, span: OpenSpan): Dispatcher.DispatchHandler {
  const note: Record<string, (...args: unknown[]) => void> = {
    onResponseStart: (_controller, status) => {
      span.set({ [names.status]: Number(status) });
      if (Number(status) >= 400) span.fail(String(status));
    },
    onResponseEnd: () => span.end(),
    onRequestUpgrade: () => span.end(),
    onResponseError: (_controller, error) => {
      failed(span, error);
      span.end();
    },
  };
  return new Proxy(handler, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        note[String(name)]?.(...args);
        return Reflect.apply(value as (...args: unknown[]) => unknown, target, args);
      };
    },
  });
}
