import type { PageDto, Problem } from '@aiops/contracts';
import { getSession, setSession } from './session';

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

/** Calls `/api/v1<path>`. @throws ApiError, OfflineError */
export async function api<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: { body?: unknown; query?: Query; signal?: AbortSignal } = {},
): Promise<T> {
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
  if (response.ok) {
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
  // The page stays; the sign-in stands in front of it until there is a new session.
  if (response.status === 401 && session !== null) setSession(null);
  throw new ApiError(await readProblem(response));
}

async function readProblem(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    const title = `The engine answered ${response.status}`;
    return {
      type: 'about:blank',
      title,
      status: response.status,
      trace_id: response.headers.get('X-Trace-ID') ?? '',
    };
  }
}

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
