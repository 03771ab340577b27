import type { Problem } from '@aiops/contracts';
import { learnServerTime } from '../live/clock';

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

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface Options {
  body?: unknown;
  query?: Query;
  signal?: AbortSignal;
  /** Goes on when the page is gone. */
  keepalive?: boolean;
}

/** Sends one request to `/api/v1<path>`, in the name of whoever `token` is for. @throws ApiError, OfflineError */
export async function send(
  method: Method,
  path: string,
  { body, query = {}, signal, keepalive = false }: Options,
  token: string | null,
): Promise<Response> {
  const headers: Record<string, string> = {};
  if (token !== null) headers['Authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}${toSearch(query)}`, {
      ...{ method, headers, signal, keepalive },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new OfflineError();
  }
  learnServerTime(response.headers.get('Date'));
  if (response.ok) return response;
  throw new ApiError(readProblem(response, await response.text()));
}

/** The JSON of an answer; a proxy or a captive portal may answer 200 with a page of its own. @throws ApiError */
export async function readBody<T>(response: Response): Promise<T> {
  const text = await response.text();
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

/** One sentence for a person about anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}
