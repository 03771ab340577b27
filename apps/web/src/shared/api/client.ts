import type { PageDto } from '@aiops/contracts';
import { freshToken } from './keep-session';
import { readBody, send, ApiError, type Method, type Options, type Query } from './send';
import { setSecondFactorDue } from './second-factor-due';
import { getSession } from './session';

export { ApiError, messageOf, OfflineError, type Query } from './send';

/** Calls `/api/v1<path>`. @throws ApiError, OfflineError */
export async function api<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  return readBody<T>(await request(method, path, options));
}

/** The same, for whoever reads the answer by itself; it is one of success. @throws ApiError, OfflineError */
export async function request(method: Method, path: string, options: Options = {}): Promise<Response> {
  const session = getSession();
  try {
    return await send(method, path, options, session?.token ?? null);
  } catch (error) {
    if (isProblem(error, 'second-factor-required')) setSecondFactorDue(true);
    const refused = error instanceof ApiError && error.problem.status === 401;
    // Refused is not done: with the next token it may be asked again.
    const token = refused && session !== null ? await freshToken(session) : null;
    if (token === null) throw error;
    return send(method, path, options, token);
  }
}

/** Whether the engine refused something for a reason of its own, by its name in docs/errors.md. */
export const isProblem = (error: unknown, name: string): boolean =>
  // A proxy that answers in JSON of its own may say no type.
  error instanceof ApiError && String(error.problem.type).endsWith(`#${name}`);

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  api<T>('GET', path, { query, signal });
export const list = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<PageDto<T>> =>
  api<PageDto<T>>('GET', path, { query, signal });
export const post = <T>(path: string, body?: unknown): Promise<T> => api<T>('POST', path, { body });
export const put = <T>(path: string, body?: unknown): Promise<T> => api<T>('PUT', path, { body });
export const patch = <T>(path: string, body?: unknown): Promise<T> => api<T>('PATCH', path, { body });
export const remove = (path: string): Promise<void> => api<void>('DELETE', path);
