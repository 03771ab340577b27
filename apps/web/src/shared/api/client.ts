import type { PageDto, Problem } from '@aiops/contracts';
import { learnServerTime } from '../live/clock';
import { expireSession, getSession } from './session';

/** The engine refused or failed; carries what it said. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }

  /** Messages by field, for forms. */
  get fieldErrors(): Record<string, string> {
    return Object.fromEntries((this.problem.errors ?? []).map(({ field, message }) => [field, message]));
  }
}

/** The engine could not be asked at all. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError';
  constructor() {
    super('The engine does not answer. Check your connection; nothing was changed.');
  }
}

export type Query = Record<string, string | number | boolean | undefined | null>;

function toSearch(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
interface Options {
  body?: unknown;
  query?: Query;
  signal?: AbortSignal;
}

/** Calls `/api/v1<path>`. @throws ApiError, OfflineError */
export async function api<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const response = await request(method, path, options);
  return readBody<T>(response, await response.text());
}

/** The same, for whoever reads the answer by itself; it is one of success. @throws ApiError, OfflineError */
export async function request(method: Method, path: string, options: Options = {}): Promise<Response> {
  const session = getSession();
  const headers: Record<string, string> = {};
  if (session !== null) headers['Authorization'] = `Bearer ${session.token}`;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}${toSearch(options.query ?? {})}`, {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new OfflineError();
  }
  learnServerTime(response.headers.get('Date'));
  if (response.ok) return response;
  // The page stays; the sign-in stands in front of it until there is a new session.
  if (response.status === 401 && session !== null && session === getSession()) expireSession();
  throw new ApiError(readProblem(response, await response.text()));
}

/** A proxy or a captive portal may answer 200 with a page of its own. */
function readBody<T>(response: Response, text: string): T {
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(unreadable(response, 'Something between here and the engine answered instead of it.'));
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'title' in value && typeof value.title === 'string';

/** The problem that the engine sent, or one made of an answer that is none. */
function readProblem(response: Response, text: string): Problem {
  try {
    const value: unknown = JSON.parse(text);
    if (isProblem(value)) return { ...value, status: response.status, trace_id: traceOf(response, value) };
  } catch {
    // Not JSON: something in front of the engine answered.
  }
  return unreadable(response);
}

const traceOf = (response: Response, problem?: Partial<Problem>): string =>
  problem?.trace_id ?? response.headers.get('X-Trace-ID') ?? '';

const unreadable = (response: Response, detail?: string): Problem => ({
  type: 'about:blank',
  title: `The engine answered ${response.status} and did not say why`,
  status: response.status,
  detail,
  trace_id: traceOf(response),
});

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  api<T>('GET', path, { query, signal });
export const list = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<PageDto<T>> =>
  api<PageDto<T>>('GET', path, { query, signal });
export const post = <T>(path: string, body?: unknown): Promise<T> => api<T>('POST', path, { body });
export const put = <T>(path: string, body?: unknown): Promise<T> => api<T>('PUT', path, { body });
export const patch = <T>(path: string, body?: unknown): Promise<T> => api<T>('PATCH', path, { body });
export const remove = (path: string): Promise<void> => api<void>('DELETE', path);

/** One sentence for a person about anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}
