import { Injectable } from '@nestjs/common';
import { request } from 'undici';
import { messageOf, OperationalError } from '../../platform/index.js';

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

const BODY_LIMIT = 1024 * 1024;
const CUT_MARK = '\n[the answer was cut here: it is longer than 1 MB]';
const MAX_REDIRECTS = 3;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Codes of a connection that never came about: nothing was sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const secretHeaders = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'x-auth-token',
]);

/** Sends the HTTP requests of runbooks. TLS certificates are always verified. */
@Injectable()
export class HttpClient {
  /** @throws HttpRequestError when no answer came. */
  async send(wanted: HttpRequest): Promise<HttpResponse> {
    const timeout = AbortSignal.timeout(wanted.timeoutMs);
    const signal = AbortSignal.any([wanted.signal, timeout]);
    let current = wanted;
    try {
      for (let hop = 0; ; hop++) {
        const response = await request(current.url, {
          method: current.method as 'GET',
          headers: current.headers,
          body: current.body,
          signal,
        });
        const location = response.headers['location'];
        if (redirects.has(response.statusCode) && typeof location === 'string' && hop < MAX_REDIRECTS) {
          await response.body.dump();
          current = redirected(current, response.statusCode, location);
          continue;
        }
        return {
          status: response.statusCode,
          headers: flat(response.headers),
          body: await readLimited(response.body),
        };
      }
    } catch (error) {
      throw asRequestError(error, current, timeout.aborted);
    }
  }
}

function redirected(from: HttpRequest, status: number, location: string): HttpRequest {
  const url = new URL(location, from.url);
  const toGet = status === 303 || ((status === 301 || status === 302) && from.method === 'POST');
  const crossed = url.origin !== new URL(from.url).origin;
  const headers = Object.entries(from.headers).filter(
    ([name]) => !(crossed && secretHeaders.has(name.toLowerCase())),
  );
  const kept = toGet ? headers.filter(([name]) => !name.toLowerCase().startsWith('content-')) : headers;
  return {
    ...from,
    url: url.href,
    headers: Object.fromEntries(kept),
    method: toGet ? 'GET' : from.method,
    body: toGet ? null : from.body,
  };
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

function asRequestError(error: unknown, wanted: HttpRequest, timedOut: boolean): HttpRequestError {
  const host = URL.canParse(wanted.url) ? new URL(wanted.url).host : wanted.url;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const started = !neverSent.has(code) && URL.canParse(wanted.url);
  const what = timedOut
    ? `did not answer within ${wanted.timeoutMs} ms`
    : `could not be asked: ${messageOf(error)}`;
  return new HttpRequestError(`${host} ${what}`, started, timedOut, { cause: error });
}
