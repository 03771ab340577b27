import type { LoginResponse, PageDto, Problem } from '@aiops/contracts';

/** The engine's API as the demo uses it: as any other client would. */
export class Api {
  private constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  static async signIn(url: string, username: string, password: string): Promise<Api> {
    const base = `${url}/api/v1`;
    const { access_token } = await call<LoginResponse>(base, '', 'POST', '/auth/login', {
      username,
      password,
    });
    return new Api(base, access_token);
  }

  get<T>(path: string): Promise<T> {
    return call<T>(this.base, this.token, 'GET', path);
  }
  async list<T>(path: string): Promise<T[]> {
    return (await this.get<PageDto<T>>(path)).data;
  }
  post<T>(path: string, body?: unknown): Promise<T> {
    return call<T>(this.base, this.token, 'POST', path, body);
  }
  put<T>(path: string, body: unknown): Promise<T> {
    return call<T>(this.base, this.token, 'PUT', path, body);
  }
  patch<T>(path: string, body: unknown): Promise<T> {
    return call<T>(this.base, this.token, 'PATCH', path, body);
  }
}

async function call<T>(
  base: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) {
    const problem = JSON.parse(text) as Problem;
    const fields = (problem.errors ?? []).map(({ field, message }) => `${field}: ${message}`).join('; ');
    throw new Error(
      `${method} ${path} answered ${response.status}: ${problem.detail ?? problem.title} ${fields}`,
    );
  }
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
