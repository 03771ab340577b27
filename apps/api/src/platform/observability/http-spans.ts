import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { redactText } from '../secrets/redact.js';
import { activeTrace, enterTrace, type ActiveTrace } from './active-trace.js';
import { names } from './attributes.js';
import type { OpenSpan, SpanRecorder } from './span.js';
import { traceOfRequest } from './trace-context.js';
import type { Tracing } from './tracing.service.js';

export type InTraceOf = (request: FastifyRequest, work: () => void) => void;

interface Traced {
  span: OpenSpan;
  trace: ActiveTrace;
}

/**
 * Puts each request into its trace, and says in the answer which it is. Where spans are exported, each request of the API is
 * one, by the template of its route; probes, scrapes and the files of the app are none.
 * @returns does something in the trace of a request, for what happens before or beside its handler
 */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing): InTraceOf {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('X-Trace-ID', request.id);
    done();
  });
  const spans = new WeakMap<FastifyRequest, Traced>();
  if (tracing.recorder !== null) recordRequests(fastify, tracing, tracing.recorder, spans);
  const inTraceOf: InTraceOf = (request, work) => {
    const known = activeTrace() ?? spans.get(request)?.trace;
    if (known === undefined) tracing.enterUnrecorded(contextOf(request), work);
    else enterTrace(known, work);
  };
  // After the body was read, since reading it would lose the context. Jobs that the request sends carry its trace.
  fastify.addHook('preHandler', (request, _reply, done) => inTraceOf(request, done));
  return inTraceOf;
}

/** The id was fixed when the request came in; the rest is read again. */
function contextOf(request: FastifyRequest) {
  return { ...traceOfRequest(request.headers), traceId: request.id };
}

function recordRequests(
  fastify: FastifyInstance,
  tracing: Tracing,
  recorder: SpanRecorder,
  spans: WeakMap<FastifyRequest, Traced>,
): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.url.startsWith('/api/v'))
      spans.set(request, tracing.begin(recorder, contextOf(request), specOf(request)));
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request)?.span;
    if (span !== undefined) endSpan(span, reply);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    const span = spans.get(request)?.span;
    span?.fail('client_gone');
    span?.end();
    done();
  });
}

function specOf(request: FastifyRequest) {
  const route = request.routeOptions.url;
  const agent = request.headers['user-agent'];
  return {
    name: route === undefined ? request.method : `${request.method} ${route}`,
    kind: 'server' as const,
    attributes: {
      [names.method]: request.method,
      [names.route]: route,
      [names.path]: redactText(request.url.split('?')[0] ?? ''),
      [names.scheme]: request.protocol,
      [names.client]: request.ip,
      [names.userAgent]: agent === undefined ? undefined : redactText(agent).slice(0, 200),
    },
  };
}

/** A refusal is the caller's error and none of the server's. */
function endSpan(span: OpenSpan, reply: FastifyReply): void {
  span.set({ [names.status]: reply.statusCode });
  if (reply.statusCode >= 500) span.fail(String(reply.statusCode));
  span.end();
}
