import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A year, for this host and those below it: what ASVS 5.0 (3.4.1) asks for. */
const HSTS = 'max-age=31536000; includeSubDomains';

const unused = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
];

/** On every answer. OWASP HTTP Headers Cheat Sheet; ASVS 5.0, 3.4. */
const everywhere: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': unused.map((feature) => `${feature}=()`).join(', '),
};

/** Data is no page: what a browser makes of it may do nothing. */
const DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What every answer with data carries. */
export const answerHeaders: Readonly<Record<string, string>> = {
  ...everywhere,
  'Content-Security-Policy': DATA_POLICY,
};

/** A page of ours: scripts only from our files, never from the page itself; `styles` may stand in the page. */
export function pagePolicy(styles: readonly string[] = [], attributes: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...styles].join(' '),
    ...(attributes.length === 0 ? [] : [["style-src-attr 'unsafe-hashes'", ...attributes].join(' ')]),
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The policy of a page that is made whole by us: just the styles that it has. */
export function policyOf(html: string): string {
  return pagePolicy(hashesOf(html, /<style>(.*?)<\/style>/gs), hashesOf(html, /\sstyle="([^"]*)"/g));
}

function hashesOf(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map(([, text = '']) => {
    const hash = createHash('sha256').update(text).digest('base64');
    return `'sha256-${hash}'`;
  });
}

/**
 * Says to browsers what they may do with an answer. One that has said more of itself keeps that. Behind TLS (by the
 * connection, or as a trusted proxy says) browsers are told to stay with it.
 */
export function secureAnswer(request: FastifyRequest, reply: FastifyReply, payload?: unknown): void {
  void reply.headers(everywhere);
  if (request.protocol === 'https') void reply.header('Strict-Transport-Security', HSTS);
  if (!reply.hasHeader('Content-Security-Policy')) {
    const isPage =
      typeof payload === 'string' && String(reply.getHeader('Content-Type')).startsWith('text/html');
    void reply.header('Content-Security-Policy', isPage ? policyOf(payload) : DATA_POLICY);
  }
  // What the API answers is somebody's; no cache on the way may keep it (ASVS 5.0, 14.3.2).
  if (request.url.startsWith('/api/v1/') && !reply.hasHeader('Cache-Control')) {
    void reply.header('Cache-Control', 'no-store');
  }
}

/** The same for every answer that has a route, and those that have none. */
export function secureAnswers(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    secureAnswer(request, reply, payload);
    done(null, payload);
  });
}
