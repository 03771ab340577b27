import { afterEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

let engine: TestEngine;
afterEach(() => engine.stop());

async function answered(origin: string): Promise<[string | null, string | null]> {
  const { headers } = await fetch(`${engine.url}/api/v1/alerts`, { headers: { Origin: origin } });
  return [headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')];
}

describe('other origins (R1.3)', () => {
  it('may not call the API unless they are named', async () => {
    engine = await startTestEngine();
    expect(await answered('https://app.example.com')).toEqual([null, null]);
  });

  it('may call it with credentials when they are, and others still not', async () => {
    engine = await startTestEngine({
      CORS_ALLOWED_ORIGINS: 'https://app.example.com, http://localhost:5173',
    });
    expect(await answered('https://app.example.com')).toEqual(['https://app.example.com', 'true']);
    expect(await answered('http://localhost:5173')).toEqual(['http://localhost:5173', 'true']);
    expect((await answered('https://evil.example.com'))[0]).toBeNull();
    expect((await answered('https://app.example.com.evil.example'))[0]).toBeNull();
  });

  it('may all call it where the wildcard is allowed', async () => {
    engine = await startTestEngine({ CORS_ALLOWED_ORIGINS: '*' });
    expect(await answered('https://any.example.com')).toEqual(['https://any.example.com', 'true']);
  });

  it('may read the headers that tell of limits, traces and new resources (R2.5)', async () => {
    engine = await startTestEngine({ CORS_ALLOWED_ORIGINS: 'https://app.example.com' });
    const { headers } = await fetch(`${engine.url}/api/v1/alerts`, {
      headers: { Origin: 'https://app.example.com' },
    });
    const exposed = headers.get('access-control-expose-headers') ?? '';
    for (const name of ['X-RateLimit-Remaining', 'Retry-After', 'X-Trace-ID', 'Location']) {
      expect(exposed).toContain(name);
    }
  });
});
