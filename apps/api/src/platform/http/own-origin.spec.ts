import { Controller, HttpCode, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from 'undici';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { Public } from './access.js';
import { isOwn, OwnOriginOnly } from './own-origin.js';

@Controller('auth/probe')
class ProbeController {
  @Post()
  @HttpCode(204)
  @Public()
  @OwnOriginOnly()
  probe(): void {
    // That it is reached is all there is to see.
  }
}
@Module({ controllers: [ProbeController] })
class ProbeModule {}

const ours = ['https://aiops.example.com'];

describe('a request with cookies', () => {
  it.each([
    [{ site: 'same-origin', origin: 'http://localhost:5173' }, true],
    [{ site: 'none', origin: undefined }, true],
    [{ site: 'same-site', origin: 'https://aiops.example.com' }, true],
    [{ site: 'same-site', origin: 'https://other.example.com' }, false],
    [{ site: 'cross-site', origin: 'https://evil.example' }, false],
    [{ site: 'cross-site', origin: 'null' }, false],
    [{ site: 'cross-site', origin: undefined }, false],
    [{ site: 'same-origin, cross-site', origin: undefined }, false],
    [{ site: undefined, origin: 'https://aiops.example.com' }, true],
    [{ site: undefined, origin: 'http://aiops.example.com' }, false],
    [{ site: undefined, origin: 'https://aiops.example.com.evil.example' }, false],
    [{ site: undefined, origin: 'null' }, false],
    [{ site: undefined, origin: undefined }, true],
  ])('from %o is ours: %s', (sender, own) => {
    expect(isOwn(sender, ours)).toBe(own);
  });
});

describe('a route for pages of our own origin', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine(
      {
        CORS_ALLOWED_ORIGINS: '*, https://app.example.com',
        PUBLIC_URL: 'https://aiops.example.com/',
        TRUSTED_PROXIES: 'loopback',
      },
      [ProbeModule],
    );
  });
  afterAll(() => engine.stop());

  const status = async (headers: Record<string, string>): Promise<number> => {
    const url = `${engine.url}/api/v1/auth/probe`;
    const answer = await request(url, { method: 'POST', headers });
    await answer.body.dump();
    return answer.statusCode;
  };

  it('answers its own pages, those that are named, and programs', async () => {
    const own: Record<string, string>[] = [
      { Origin: engine.url },
      { Origin: 'https://app.example.com', 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://aiops.example.com' },
      {
        Origin: 'https://behind.example.com',
        'X-Forwarded-Host': 'behind.example.com',
        'X-Forwarded-Proto': 'https',
      },
      {},
    ];
    for (const headers of own) expect([headers, await status(headers)]).toEqual([headers, 204]);
  });

  it('refuses all others, also where every origin may call the API', async () => {
    const others: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: engine.url.replace('http:', 'https:') },
      { Origin: 'null' },
    ];
    for (const headers of others) expect([headers, await status(headers)]).toEqual([headers, 403]);
  });
});
