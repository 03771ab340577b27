import type { ApiAnswer, TestEngine } from './test-engine.js';

/** What of a browser matters for sessions: it keeps cookies, and says what it is. */
export interface TestBrowser {
  /** What it would send and no script sees, `name=value`; empty without one. */
  cookie: string;
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    options?: { body?: unknown; token?: string | null; headers?: Record<string, string> },
  ): Promise<ApiAnswer<T>>;
}

/** A browser at an engine; `agent` is what it says of itself, `cookie` what it has from before. */
export function testBrowser(engine: Pick<TestEngine, 'api'>, agent = 'test', cookie = ''): TestBrowser {
  const browser: TestBrowser = {
    cookie,
    call: async (method, path, options = {}) => {
      const headers = { 'User-Agent': agent, ...(browser.cookie === '' ? {} : { Cookie: browser.cookie }) };
      const answer = await engine.api<never>(method, path, {
        token: null,
        ...options,
        headers: { ...headers, ...options.headers },
      });
      for (const set of answer.headers.getSetCookie().filter((header) => header.includes('HttpOnly'))) {
        const [pair = ''] = set.split(';');
        browser.cookie = set.includes('Max-Age=0') ? '' : pair;
      }
      return answer;
    },
  };
  return browser;
}
