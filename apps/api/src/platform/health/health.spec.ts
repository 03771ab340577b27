import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

describe('health', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.stop());

  it.each(['/health', '/health/ready'])(
    '%s names the database and the queue with their latency',
    async (path) => {
      const response = await fetch(`${engine.url}${path}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        status: 'ok',
        checks: { database: { status: 'up' }, queue: { status: 'up' } },
      });
    },
  );

  it('/health/live depends on nothing but the process', async () => {
    expect(await (await fetch(`${engine.url}/health/live`)).json()).toEqual({ status: 'ok' });
  });
});
