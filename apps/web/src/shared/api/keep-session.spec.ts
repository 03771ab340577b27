import type { LoginResponse, UserDto } from '@aiops/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, ApiError, OfflineError } from './client';
import { beginSession, refreshSession, signOut } from './keep-session';
import { getSession, setSession } from './session';
import type { TabMessage } from './tabs';

const person = (id: string): UserDto => ({
  id,
  username: id,
  display_name: id,
  role: 'viewer',
  disabled: false,
  has_password: true,
  must_change_password: false,
  last_login_at: null,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
});
const answerFor = (token: string, user = person('mia')): LoginResponse => ({
  access_token: token,
  token_type: 'Bearer',
  expires_in: 900,
  user,
});

/** An engine that knows one access token at a time; each refresh brings the next. */
class Engine {
  good = 'token-1';
  /** What refreshing is answered with instead. */
  refusal: { status: number; detail: string } | null = null;
  refreshes = 0;
  lost = 0;
  readonly served: string[] = [];
  private made = 1;

  fetch = (url: string, init: RequestInit): Promise<Response> => {
    const token = new Headers(init.headers).get('Authorization')?.replace('Bearer ', '');
    if (url === '/api/v1/auth/refresh') return this.refresh();
    if (url === '/api/v1/auth/logout') return Promise.resolve(new Response(null, { status: 204 }));
    if (token !== this.good) return Promise.resolve(problem(401, 'not valid any more'));
    this.served.push(`${init.method} ${url}`);
    return Promise.resolve(Response.json({ ok: true }));
  };

  private async refresh(): Promise<Response> {
    this.refreshes += 1;
    await Promise.resolve();
    if (this.lost > 0) {
      this.lost -= 1;
      throw new TypeError('fetch failed');
    }
    if (this.refusal !== null) return problem(this.refusal.status, this.refusal.detail);
    this.good = `token-${(this.made += 1)}`;
    return Response.json(answerFor(this.good));
  }
}

const problem = (status: number, detail: string): Response =>
  Response.json({ type: 't', title: 'Refused', status, detail, trace_id: 'x' }, { status });

let engine: Engine;
let otherTab: BroadcastChannel;
let told: TabMessage['kind'][];

beforeEach(() => {
  engine = new Engine();
  vi.stubGlobal('fetch', engine.fetch);
  told = [];
  otherTab = new BroadcastChannel('aiops.session');
  otherTab.addEventListener('message', ({ data }: MessageEvent<{ message: TabMessage }>) =>
    told.push(data.message.kind),
  );
});
afterEach(() => {
  otherTab.close();
  setSession(null);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const fromOtherTab = (message: TabMessage): void => otherTab.postMessage({ version: 1, message });

describe('an access token that the engine does not take any more', () => {
  beforeEach(() => {
    beginSession(answerFor(engine.good));
    engine.good = 'another one by now';
  });

  it('is replaced without a word, and the request is sent again', async () => {
    await expect(api('POST', '/alerts/bulk/resolve', { body: { ids: [] } })).resolves.toEqual({ ok: true });
    expect(engine.served).toEqual(['POST /api/v1/alerts/bulk/resolve']);
    expect(getSession()?.token).toBe('token-2');
  });

  it('is replaced once for many requests at the same time', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => api('GET', `/alerts/${index}`)));
    expect(engine.refreshes).toBe(1);
    expect(engine.served).toHaveLength(10);
  });

  it('is not replaced again by a request that was under way for longer', async () => {
    const slow = api('GET', '/slow');
    await api('GET', '/quick');
    await slow;
    expect(engine.refreshes).toBe(1);
  });

  it('ends the session with what the engine says of it when there is no other', async () => {
    engine.refusal = { status: 401, detail: 'An administrator ended your sessions. Sign in again.' };
    await expect(api('GET', '/alerts')).rejects.toBeInstanceOf(ApiError);
    expect(getSession()).toBeNull();
    await vi.waitFor(() => expect(told).toContain('ended'));
  });

  it('ends nothing when the engine is away or too busy to say', async () => {
    engine.refusal = { status: 503, detail: 'Starting' };
    await expect(api('GET', '/alerts')).rejects.toMatchObject({ problem: { status: 503 } });
    expect(getSession()?.token).toBe('token-1');
  });

  it('is not sent again in the name of somebody else who signed in meanwhile', async () => {
    const request = api('POST', '/alerts/1/resolve');
    beginSession(answerFor((engine.good = 'token-of-tom'), person('tom')));
    await expect(request).rejects.toMatchObject({ problem: { status: 401 } });
    expect(engine.served).toEqual([]);
  });
});

describe('a refresh', () => {
  it('is asked for again at once when its answer was lost, while the engine still takes that for the same', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    beginSession(answerFor(engine.good));
    engine.lost = 1;
    const refreshed = refreshSession();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await refreshed).toBe(true);
    expect(engine.refreshes).toBe(2);
    engine.lost = 2;
    const failed = refreshSession().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await failed).toBeInstanceOf(OfflineError);
    expect(getSession()?.token).toBe('token-2');
  });

  it('comes by itself before the access token runs out', async () => {
    vi.useFakeTimers();
    beginSession(answerFor(engine.good));
    await vi.advanceTimersByTimeAsync(700_000);
    expect(engine.refreshes).toBe(0);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(engine.refreshes).toBe(1);
  });

  it('waits for that of another tab, and then has nothing to do', async () => {
    beginSession(answerFor(engine.good));
    const asked: string[] = [];
    const locks = {
      request: async (name: string, work: () => Promise<boolean>) => {
        asked.push(name);
        fromOtherTab({ kind: 'signed_in', answer: answerFor('token-of-the-other-tab') });
        await vi.waitFor(() => expect(getSession()?.token).toBe('token-of-the-other-tab'));
        return work();
      },
    };
    vi.stubGlobal('navigator', { locks });
    expect(await refreshSession()).toBe(true);
    expect(asked).toEqual(['aiops.session.refresh']);
    expect(engine.refreshes).toBe(0);
  });
});

describe('the tabs of a browser', () => {
  it('share a session: who signs in or out in one does so in all', async () => {
    fromOtherTab({ kind: 'signed_in', answer: answerFor('token-of-the-other-tab') });
    await vi.waitFor(() => expect(getSession()?.token).toBe('token-of-the-other-tab'));
    fromOtherTab({ kind: 'signed_out', why: 'You have signed out.' });
    await vi.waitFor(() => expect(getSession()).toBeNull());
    beginSession(answerFor(engine.good));
    await signOut();
    expect(getSession()).toBeNull();
    await vi.waitFor(() => expect(told).toEqual(['signed_in', 'signed_out']));
  });

  it('do not sign out when the engine could not be told', async () => {
    beginSession(answerFor(engine.good));
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    await expect(signOut()).rejects.toBeInstanceOf(OfflineError);
    expect(getSession()).not.toBeNull();
  });

  it('do not listen to another version of the app', async () => {
    otherTab.postMessage({ version: 2, message: { kind: 'signed_in', answer: answerFor('strange') } });
    fromOtherTab({ kind: 'signed_in', answer: answerFor('known') });
    await vi.waitFor(() => expect(getSession()?.token).toBe('known'));
  });
});
