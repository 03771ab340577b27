import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics.service.js';

/** Seconds. An API call should be answered within 100 ms, and one in a hundred may take 500 ms. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Measures how long requests take, by the template of their route: never by their path, whose values are endless. */
export function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  const histogram = metrics.histogram({
    name: 'aiops_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer, by route template and class of status; `unmatched` is no route.',
    labels: ['method', 'route', 'status'],
    buckets: BUCKETS,
  });
  // Finding the series by its labels costs more than all the rest, and this is on the way of every alert.
  const series = new Map<string, ReturnType<typeof histogram.labels>>();
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const key = `${request.method} ${Math.floor(reply.statusCode / 100)} ${route}`;
    let found = series.get(key);
    if (found === undefined) {
      const method = METHODS.has(request.method) ? request.method : 'other';
      found = histogram.labels({ method, route, status: `${Math.floor(reply.statusCode / 100)}xx` });
      series.set(key, found);
    }
    found.observe(reply.elapsedTime / 1000);
    done();
  });
}
