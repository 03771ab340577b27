import { afterEach, describe, expect, it, vi } from 'vitest';
import { api, ApiError, OfflineError } from './client';
import { setSession } from './session';

const answer = (status: number, body: string) =>
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(new Response(body, { status }))),
  );

afterEach(() => {
  vi.unstubAllGlobals();
  setSession(null);
});

describe('the API client', () => {
  it('turns a problem into an error with its fields and its trace id', async () => {
    const problem = {
      type: 't',
      title: 'Not valid',
      status: 400,
      detail: 'Some fields',
      trace_id: 'abc',
      errors: [{ field: 'name', message: 'too long' }],
    };
    answer(400, JSON.stringify(problem));
    const error = await api('POST', '/rules', { body: {} }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      message: 'Some fields',
      fieldErrors: { name: 'too long' },
      problem: { trace_id: 'abc' },
    });
  });

  it('says that the engine is away when it cannot be asked', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(() => Promise.reject(new TypeError('fetch failed'))),
    );
    await expect(api('GET', '/alerts')).rejects.toBeInstanceOf(OfflineError);
  });

  it('leaves a session alone when the engine refuses somebody who was signed out', async () => {
    answer(401, JSON.stringify({ type: 't', title: 'Sign in first', status: 401, trace_id: 'x' }));
    await expect(api('GET', '/alerts')).rejects.toBeInstanceOf(ApiError);
    expect(vi.mocked(fetch)).toHaveBeenCalledTimes(1);
  });

  it.each(['<html>bad gateway</html>', '{"error":"bad gateway"}', '[]', 'null', ''])(
    'makes a problem of an answer that is none: %s',
    async (body) => {
      answer(502, body);
      await expect(api('GET', '/alerts')).rejects.toMatchObject({
        message: 'The engine answered 502 and did not say why',
        problem: { status: 502 },
      });
    },
  );

  it('says so when a page of somebody else comes back as a success', async () => {
    answer(200, '<html>Sign in to the guest network</html>');
    await expect(api('GET', '/alerts')).rejects.toBeInstanceOf(ApiError);
  });

  it('takes the trace id of the header when the body has none', async () => {
    const headers = { 'X-Trace-ID': 'from-header' };
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"title":"Busy"}', { status: 503, headers })));
    await expect(api('GET', '/alerts')).rejects.toMatchObject({
      problem: { trace_id: 'from-header', status: 503 },
    });
  });

  it('leaves empty query parameters out', async () => {
    answer(200, '{}');
    await api('GET', '/alerts', { query: { q: '', status: undefined, page: 2 } });
    expect(vi.mocked(fetch).mock.calls[0]?.[0]).toBe('/api/v1/alerts?page=2');
  });
});
