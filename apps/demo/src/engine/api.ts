import type { LoginResponse, PageDto, Problem } from '@aiops/contracts';

/** The engine's API as the demo uses it: as any other program would, which signs in again when its token has run out. */
export class Api {
  private token = '';

  private constructor(
    private readonly base: string,
    private readonly credentials: { username: string; password: string },
  ) {}

  static async signIn(url: string, username: string, password: string): Promise<Api> {
    const api = new Api(`${url}/api/v1`, { username, password });
    await api.renew();
    return api;
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }
  async list<T>(path: string): Promise<T[]> {
    return (await this.get<PageDto<T>>(path)).data;
  }
  post<T>(path: string, body?: unknown): Promise<T> {
    return this.call<T>('POST', path, body);
  }
  put<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PUT', path, body);
  }
  async delete(path: string): Promise<void> {
    await this.call<undefined>('DELETE', path);
  }
  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PATCH', path, body);
  }

  private async renew(): Promise<void> {
    const answer = await this.send('', 'POST', '/auth/login', this.credentials);
    this.token = (await read<LoginResponse>(answer, 'POST /auth/login')).access_token;
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    let answer = await this.send(this.token, method, path, body);
    if (answer.status === 401) {
      await this.renew();
      answer = await this.send(this.token, method, path, body);
    }
    return read<T>(answer, `${method} ${path}`);
  }

  private send(token: string, method: string, path: string, body: unknown): Promise<Response> {
    return fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }
}

async function read<T>(response: Response, request: string): Promise<T> {
  const text = await response.text();
  if (!response.ok) {
    const problem = JSON.parse(text) as Problem;
    const fields = (problem.errors ?? []).map(({ field, message }) => `${field}: ${message}`).join('; ');
    throw new Error(`${request} answered ${response.status}: ${problem.detail ?? problem.title} ${fields}`);
  }
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
