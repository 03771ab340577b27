import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { request, type Agent } from 'undici';
import {
  BreakerOpenError,
  Breakers,
  messageOf,
  OperationalError,
  Outbound,
  OutboundRefusedError,
} from '../../platform/index.js';

/** An HTTP step as it is sent. */
export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  timeoutMs: number;
  signal: AbortSignal;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  /** Text; what goes past the limit is cut with a mark. */
  body: string;
}

/** No answer came. `started` says whether the request may have reached the server. */
export class HttpRequestError extends OperationalError {
  constructor(
    message: string,
    readonly started: boolean,
    readonly timedOut: boolean,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Timers of Node.js fire at once beyond this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const BREAKER_RESET_MS = 2000;
const BODY_LIMIT = 1024 * 1024;
const CUT_MARK = '\n[the answer was cut here: it is longer than 1 MB]';
const MAX_REDIRECTS = 3;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Codes of a server that is away: no connection came about. */
const awayCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Codes of a request that could not be made or a connection that never came about: nothing was sent. */
const neverSent = new Set([
  ...awayCodes,
  'UND_ERR_INVALID_ARG',
  'OUTBOUND_REFUSED',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
/**
 * What another origin may see after a redirect. A list of secrets to take away would never be whole: every service has a
 * header of its own for its token.
 */
const harmlessHeaders = new Set(['accept', 'accept-language', 'user-agent']);

/**
 * Sends the HTTP requests of runbooks, each once: what is tried again is for the runbook to say. TLS certificates are
 * always verified, whatever the environment says. A server that cannot be connected to is asked by one request at a time,
 * every two seconds, while the others wait: steps that wait for a service to come back lose no attempt to its breaker.
 */
@Injectable()
export class HttpClient implements OnApplicationShutdown {
  /**
   * Every request has a connection of its own: one that is reused may just be being closed by the server, and then nobody
   * knows whether the request was seen. Only `timeoutMs` bounds an answer.
   */
  private readonly agent: Agent;

  constructor(
    private readonly breakers: Breakers,
    outbound: Outbound,
  ) {
    this.agent = outbound.agent({
      pipelining: 0,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { rejectUnauthorized: true, timeout: CONNECT_TIMEOUT_MS },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  /** @throws HttpRequestError when no answer came. */
  async send(wanted: HttpRequest): Promise<HttpResponse> {
    const timeout = AbortSignal.timeout(Math.min(wanted.timeoutMs, LONGEST_TIMER_MS));
    const signal = AbortSignal.any([wanted.signal, timeout]);
    let current = wanted;
    let hop = 0;
    try {
      for (; ; hop++) {
        const response = await this.guarded(current, signal);
        const next = hop < MAX_REDIRECTS ? redirected(current, response) : null;
        if (next === null) {
          return {
            status: response.statusCode,
            headers: flat(response.headers),
            body: await readLimited(response.body),
          };
        }
        await response.body.dump();
        current = next;
      }
    } catch (error) {
      throw asRequestError(error, current, { timedOut: timeout.aborted, redirected: hop > 0 });
    }
  }

  private guarded(wanted: HttpRequest, signal: AbortSignal) {
    const { host } = new URL(wanted.url);
    const options = { counts: isAway, waitUntil: signal, resetMs: BREAKER_RESET_MS };
    return this.breakers.run(`http:${host}`, () => this.request(wanted, signal), options);
  }

  private request({ url, method, headers, body }: HttpRequest, signal: AbortSignal) {
    return request(url, { method: method as 'GET', headers, body, signal, dispatcher: this.agent });
  }
}

interface Redirect {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
}

/**
 * The request that a redirect asks for; null when the answer is none, or must not be followed: a body is not sent to an
 * origin that the runbook does not name.
 */
function redirected(from: HttpRequest, { statusCode, headers }: Redirect): HttpRequest | null {
  const location = headers['location'];
  if (!redirects.has(statusCode) || typeof location !== 'string') return null;
  if (!URL.canParse(location, from.url)) return null;
  const url = new URL(location, from.url);
  const crossed = url.origin !== new URL(from.url).origin;
  const toGet =
    (statusCode === 303 && from.method !== 'HEAD') ||
    ((statusCode === 301 || statusCode === 302) && from.method === 'POST');
  const method = toGet ? 'GET' : from.method;
  const body = toGet ? null : from.body;
  if (crossed && body !== null) return null;
  const kept = Object.entries(from.headers).filter(([name]) => {
    const lower = name.toLowerCase();
    return crossed ? harmlessHeaders.has(lower) : !(toGet && lower.startsWith('content-'));
  });
  return { ...from, url: url.href, headers: Object.fromEntries(kept), method, body };
}

async function readLimited(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BODY_LIMIT) return Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString('utf8') + CUT_MARK;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

const isAway = (error: unknown): boolean => awayCodes.has(codeOf(error));

interface Circumstances {
  timedOut: boolean;
  /** An earlier request was answered, with a redirect. */
  redirected: boolean;
}

function asRequestError(error: unknown, wanted: HttpRequest, how: Circumstances): HttpRequestError {
  const host = URL.canParse(wanted.url) ? new URL(wanted.url).host : wanted.url;
  const paused = error instanceof BreakerOpenError;
  const started = how.redirected || (!paused && !neverSent.has(codeOf(error)) && URL.canParse(wanted.url));
  const timedOut = how.timedOut && !paused;
  // Its words name the place themselves.
  if (error instanceof OutboundRefusedError) {
    return new HttpRequestError(error.message, started, false, { cause: error });
  }
  const what = timedOut
    ? `did not answer within ${wanted.timeoutMs} ms`
    : `could not be asked: ${messageOf(error)}`;
  return new HttpRequestError(`${host} ${what}`, started, timedOut, { cause: error });
}
