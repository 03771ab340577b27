import { getDataSourceToken } from '@nestjs/typeorm';
import { until } from '@aiops/testing';
import type { AlertDto, PageDto } from '@aiops/contracts';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('a storm of alerts', () => {
  it('holds up no alert that a rule matches, and of the others only some are analysed unasked', async () => {
    const rule = {
      name: 'watch',
      matchers: [{ name: 'team', op: '=', value: 'shop' }],
      action: 'observe',
    };
    expect((await engine.api('POST', '/rules', { body: rule })).status).toBe(201);
    const storm = Array.from({ length: 200 }, (_, index) => ({
      labels: { alertname: 'Storm', instance: `web-${index}` },
    }));
    const ruled = { labels: { alertname: 'Ruled', team: 'shop' } };
    await engine.api('POST', '/ingest/prometheus/api/v2/alerts', { body: [...storm, ruled] });
    const source = engine.app.get<DataSource>(getDataSourceToken());
    const count = async (sql: string): Promise<number> => {
      const [row] = await source.query<{ count: string }[]>(`SELECT count(*) FROM ${sql}`);
      return Number(row?.count);
    };
    const observed = async () =>
      (await engine.api<PageDto<AlertDto>>('GET', '/alerts?alert_name=Ruled')).body.data[0]?.remediation ===
      'observed';
    await until(observed, { description: 'the rule to be carried out' });
    const unasked = await count(
      `analyses JOIN alerts ON alerts.id = analyses.alert_id WHERE alert_name = 'Storm'`,
    );
    expect(unasked).toBeGreaterThan(0);
    expect(unasked).toBeLessThan(60);
  });
});
