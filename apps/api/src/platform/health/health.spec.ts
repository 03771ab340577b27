import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthDto } from '@aiops/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { judgeSpace, spaceAt } from './disk.check.js';
import { HealthChecks, type Finding } from './health-checks.js';

describe('health (R3.3)', () => {
  let engine: TestEngine;
  let finding: Finding | Error = { condition: 'up' };
  beforeAll(async () => {
    engine = await startTestEngine({ AIOPS_ROLE: 'api' });
    const check = () => {
      if (finding instanceof Error) throw finding;
      return finding;
    };
    engine.app.get(HealthChecks).add({ name: 'extra', needed: false, check });
  });
  afterAll(() => engine.stop());

  const ask = async (path: string) => {
    const response = await fetch(`${engine.url}${path}`);
    return { status: response.status, body: (await response.json()) as HealthDto };
  };

  it.each(['/health', '/health/ready'])(
    '%s names the database and the queue with their latency',
    async (path) => {
      const { status, body } = await ask(path);
      expect(status).toBe(200);
      const up = { status: 'up', latency_ms: expect.any(Number) as number };
      expect(body).toMatchObject({ status: 'ok', checks: { database: up, queue: up } });
      expect(body.version).toMatch(/^\d+\./);
    },
  );

  it('/health also names what the engine can work without', async () => {
    const { checks } = (await ask('/health')).body;
    expect(Object.keys(checks)).toEqual(expect.arrayContaining(['database', 'queue', 'disk', 'extra']));
    expect(checks['disk']).toMatchObject({ detail: expect.stringMatching(/^\d+ % free/) as string });
  });

  it('is degraded, and works on, while something is away that it can work without', async () => {
    for (const [found, status] of [
      [{ condition: 'degraded', detail: 'One of two is away.' }, 'degraded'],
      [{ condition: 'down', detail: 'Both are away.' }, 'down'],
    ] as const) {
      finding = found;
      const { status: code, body } = await ask('/health');
      expect([code, body.status]).toEqual([200, 'degraded']);
      expect(body.checks['extra']).toMatchObject({ status, detail: found.detail });
      expect(await ask('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
    }
    finding = { condition: 'up' };
    expect((await ask('/health')).body.status).toBe('ok');
  });

  it('tells nobody the reason of a failure, which may name addresses', async () => {
    finding = new Error('connect ECONNREFUSED 10.1.2.3:5432');
    const { body } = await ask('/health');
    expect(body.checks['extra']?.status).toBe('down');
    expect(JSON.stringify(body)).not.toContain('10.1.2.3');
    finding = { condition: 'up' };
  });

  it('lets /health/ready ask only what is needed', async () => {
    expect(Object.keys((await ask('/health/ready')).body.checks)).toEqual(['database', 'queue']);
  });

  it('/health/live depends on nothing but the process', async () => {
    expect(await (await fetch(`${engine.url}/health/live`)).json()).toEqual({ status: 'ok' });
  });
});

describe('disk space', () => {
  const GIB = 1024 ** 3;
  const judge = (free: number, total: number) =>
    judgeSpace({ freeBytes: free * GIB, totalBytes: total * GIB }).condition;

  it('is low by bytes and by share, and not by one of them', () => {
    expect(judge(50, 100)).toBe('up');
    expect(judge(2, 100)).toBe('up');
    expect(judge(0.5, 1)).toBe('up');
    expect(judge(0.5, 100)).toBe('degraded');
    expect(judge(0.05, 100)).toBe('down');
    expect(judge(0, 0)).toBe('down');
  });

  it('is that of the folder that would be made in, when the folder is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aiops-disk-'));
    const missing = await spaceAt(join(folder, 'not', 'yet'));
    expect(missing.totalBytes).toBe((await spaceAt(folder)).totalBytes);
  });
});
