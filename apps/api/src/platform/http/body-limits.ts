import type { FastifyInstance } from 'fastify';

/** Names, passwords, what a security key says. */
const AUTH_BYTES = 64 * 1024;
/** A runbook of the greatest length, with every character escaped. */
const API_BYTES = 2 * 1024 * 1024;

/** The largest body that a route reads, by its address; `most` is for senders, who deliver many alerts at once. */
export function bodyLimitOf(url: string, most: number): number {
  if (url.startsWith('/api/v1/ingest/')) return most;
  return Math.min(most, url.startsWith('/api/v1/auth/') ? AUTH_BYTES : API_BYTES);
}

/** No route reads more than what it is for can need. Must come before routes are added. */
export function limitBodies(fastify: FastifyInstance, most: number): void {
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit ??= bodyLimitOf(route.url, most);
  });
}
