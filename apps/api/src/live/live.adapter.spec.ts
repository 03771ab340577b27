import { io } from 'socket.io-client';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../platform/config/config.js';
import { startTestEngine, type TestEngine } from '../testing/test-engine.js';
import { mayConnect } from './live.adapter.js';

const settings = (env: Record<string, string> = {}) => readSettings({ APP_ENV: 'test', ...env });
const host = 'aiops.example.com';
const evil = 'https://evil.example';

describe('a page that opens a socket', () => {
  it.each([
    [{ host, origin: `https://${host}` }, {}, true],
    [{ host, origin: evil }, {}, false],
    [{ host, origin: `https://${host}.evil.example` }, {}, false],
    [{ host, origin: 'null' }, {}, false],
    [{ host }, {}, true],
    [{ host: 'engine:8080', origin: `https://${host}` }, { PUBLIC_URL: `https://${host}/` }, true],
    [{ host: 'engine:8080', origin: `https://${host}`, 'x-forwarded-host': host }, {}, false],
    [
      { host: 'engine:8080', origin: `https://${host}`, 'x-forwarded-host': host },
      { TRUSTED_PROXIES: 'loopback' },
      true,
    ],
    [{ host, origin: evil }, { CORS_ALLOWED_ORIGINS: evil }, true],
    [{ host, origin: evil }, { CORS_ALLOWED_ORIGINS: 'https://other.example' }, false],
    [{ host, origin: evil }, { CORS_ALLOWED_ORIGINS: '*' }, true],
  ])('with %o and the settings %o: %s', (headers, env, expected) => {
    expect(mayConnect(headers, settings(env))).toBe(expected);
  });
});

describe('the sockets of an engine', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ CORS_ALLOWED_ORIGINS: 'https://app.example.com' });
  });
  afterAll(() => engine.stop());

  const connects = (origin: string | undefined, transport: 'websocket' | 'polling'): Promise<boolean> => {
    const socket = io(engine.url, {
      auth: { token: engine.adminToken },
      transports: [transport],
      reconnection: false,
      forceNew: true,
      ...(origin === undefined ? {} : { extraHeaders: { Origin: origin } }),
    });
    return new Promise<boolean>((done) => {
      socket.once('connect', () => done(true));
      socket.once('connect_error', () => done(false));
    }).finally(() => socket.disconnect());
  };

  it.each(['websocket', 'polling'] as const)(
    'open to its own pages and those that are named, by %s',
    async (way) => {
      expect(await connects(engine.url, way)).toBe(true);
      expect(await connects('https://app.example.com', way)).toBe(true);
      expect(await connects(undefined, way)).toBe(true);
      // Even with a good token, which a page of somebody else's has no way to know.
      expect(await connects(evil, way)).toBe(false);
    },
  );

  it('let a named origin read its answers, and no other', async () => {
    const allowed = async (Origin: string) => {
      const answer = await request(`${engine.url}/socket.io/?EIO=4&transport=polling`, {
        headers: { Origin },
      });
      await answer.body.dump();
      return answer.headers['access-control-allow-origin'];
    };
    expect(await allowed('https://app.example.com')).toBe('https://app.example.com');
    expect(await allowed(evil)).toBeUndefined();
  });
});
