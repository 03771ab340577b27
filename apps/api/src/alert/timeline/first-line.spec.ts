import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlertFirstLine1764000000310 } from '../../migrations/1764000000310-alert-first-line.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { alertsOf } from '../alert.fixture.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ AIOPS_ROLE: 'api' });
});
afterAll(() => engine.stop());

describe('the first line of a timeline', () => {
  it('is told from the alert, and nothing is stored for it', async () => {
    const alert = await alertsOf(engine).fire('Lonely');
    const source = engine.app.get<DataSource>(getDataSourceToken());
    expect(await source.query('SELECT 1 FROM alert_timeline WHERE alert_id = $1', [alert.id])).toEqual([]);
    expect(await alertsOf(engine).timeline(alert.id)).toMatchObject([
      { id: alert.id, kind: 'fired', at: alert.created_at, summary: 'Fired, reported by prometheus' },
    ]);
  });

  it('is the same for alerts from before and after the change of the schema', async () => {
    const alerts = alertsOf(engine);
    const fired = await alerts.fire('Fires');
    const end = new Date(Date.now() - 60_000).toISOString();
    await alerts.push([{ labels: { alertname: 'Over' }, startsAt: '2026-01-01T00:00:00Z', endsAt: end }]);
    const [over] = await alerts.named('Over');
    const timelines = async () => [await alerts.timeline(fired.id), await alerts.timeline(over?.id ?? '')];
    const before = await timelines();
    expect(before.map((lines) => lines.map(({ kind, summary }) => [kind, summary]))).toEqual([
      [['fired', 'Fired, reported by prometheus']],
      [['resolved', 'Was already resolved when prometheus first reported it']],
    ]);
    const runner = engine.app.get<DataSource>(getDataSourceToken()).createQueryRunner();
    const migration = new AlertFirstLine1764000000310();
    try {
      await migration.down(runner);
      const stored: unknown = await runner.query('SELECT kind FROM alert_timeline ORDER BY kind');
      expect(stored).toEqual(expect.arrayContaining([{ kind: 'fired' }, { kind: 'resolved' }]));
      await migration.up(runner);
    } finally {
      await runner.release();
    }
    expect(await timelines()).toEqual(before);
  });
});
