import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { pagePolicy } from './security-headers.js';

/** Paths that are never pages of the web app. */
const served = /^\/(api|socket\.io|health|metrics)(\/|$|\?)/;
/** What apps/web/vite.config.ts puts where the nonce of the answer belongs. */
const NONCE_PLACE = 'AIOPS_CSP_NONCE';
const NONCE_BYTES = 16;
/** Files beside the page. A worker keeps to the policy of its own file. */
const FILE_POLICY = pagePolicy();

/** Serves the built app: hashed assets for ever, every other path its page, since the app routes by itself. */
export async function serveWebApp(fastify: FastifyInstance, root: string): Promise<void> {
  await fastify.register(fastifyStatic, {
    root: join(root, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    decorateReply: true,
    setHeaders: (reply) => void reply.header('Content-Security-Policy', FILE_POLICY),
  });
  fastify.get('/*', (request, reply) => {
    if (served.test(request.url)) return reply.callNotFound();
    const path = request.url.split('?')[0] ?? '/';
    if (!/^\/[A-Za-z0-9._-]+\.(js|svg|png|ico|webmanifest|txt|json)$/.test(path))
      return sendPage(root, reply);
    return reply
      .headers({ 'Cache-Control': 'no-cache', 'Content-Security-Policy': FILE_POLICY })
      .sendFile(path.slice(1), root, { cacheControl: false });
  });
}

/**
 * The page, asked for again every time: it names the hashed files, and a kept one would never learn of a new version.
 * Styles that its libraries add as it runs carry a nonce, which is new in every answer; scripts there are none.
 */
async function sendPage(root: string, reply: FastifyReply): Promise<FastifyReply> {
  const page = await readFile(join(root, 'index.html'), 'utf8');
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  return reply
    .headers({ 'Cache-Control': 'no-cache', 'Content-Security-Policy': pagePolicy([`'nonce-${nonce}'`]) })
    .type('text/html; charset=utf-8')
    .send(page.replaceAll(NONCE_PLACE, nonce));
}
