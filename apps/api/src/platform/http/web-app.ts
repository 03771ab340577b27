import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { join } from 'node:path';

/** Paths that are never pages of the web app. */
const served = /^\/(api|socket\.io|health|metrics)(\/|$|\?)/;

/** A strict policy: the app has no inline script; Mantine sets inline styles. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

/** Serves the built app: hashed assets for ever, every other path its page, since the app routes by itself. */
export async function serveWebApp(fastify: FastifyInstance, root: string): Promise<void> {
  await fastify.register(fastifyStatic, {
    root: join(root, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    decorateReply: true,
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    void reply.header('X-Content-Type-Options', 'nosniff').header('Referrer-Policy', 'no-referrer');
    if (!served.test(request.url)) void reply.header('Content-Security-Policy', contentSecurityPolicy);
    done(null, payload);
  });
  fastify.get('/*', (request, reply) => {
    if (served.test(request.url)) return reply.callNotFound();
    const path = request.url.split('?')[0] ?? '/';
    const file = /^\/[A-Za-z0-9._-]+\.(js|svg|png|ico|webmanifest|txt|json)$/.test(path)
      ? path.slice(1)
      : 'index.html';
    // Asked for again every time: it names the hashed files, and a kept one would never learn of a new version.
    return reply.header('Cache-Control', 'no-cache').sendFile(file, root, { cacheControl: false });
  });
}
