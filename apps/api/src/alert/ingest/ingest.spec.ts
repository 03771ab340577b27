import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getDataSourceToken } from '@nestjs/typeorm';
import { until } from '@aiops/testing';
import type { Problem } from '@aiops/contracts';
import type { DataSource, QueryRunner } from 'typeorm';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { alertsOf, uniqueName } from '../alert.fixture.js';
import { readFixture } from './adapters/read.fixture.js';
import { makeDelivery } from './delivery.fixture.js';
import { IngestQueue } from './ingest.queue.js';

let engine: TestEngine;
let alerts: ReturnType<typeof alertsOf>;
beforeAll(async () => {
  engine = await startTestEngine({ INGEST_QUEUE_LIMIT: '40', BODY_LIMIT_BYTES: '20000' });
  alerts = alertsOf(engine);
});
afterAll(() => engine.stop());

/** Holds the table, so that commits wait. */
async function holdingTable<T>(work: () => Promise<T>): Promise<T> {
  const runner: QueryRunner = engine.app.get<DataSource>(getDataSourceToken()).createQueryRunner();
  await runner.startTransaction();
  await runner.query('LOCK TABLE alerts IN ACCESS EXCLUSIVE MODE');
  try {
    return await work();
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

const past = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

describe('the webhook of Alertmanager', () => {
  it('is answered with 202 and a count when all is stored', async () => {
    const answer = await alerts.webhook(readFixture('alertmanager-0.34-firing'));
    expect([answer.status, answer.body]).toEqual([202, { received: 1 }]);
    const [alert] = await alerts.named('InstanceDown');
    expect(alert).toMatchObject({
      source: 'alertmanager',
      fingerprint: '20f7da56295f2463',
      severity: 'critical',
      status: 'firing',
      ends_at: null,
      occurrences: 1,
      extras: { notification_reason: 'group_changed' },
    });
  });

  it('is one alert with what Prometheus pushes straight to us', async () => {
    const labels = { alertname: uniqueName('BothWays'), job: 'node' };
    await alerts.webhook({ alerts: [{ status: 'firing', labels, startsAt: past(9) }] });
    await alerts.push([{ labels, startsAt: past(9) }]);
    expect(await alerts.named(labels.alertname)).toMatchObject([{ occurrences: 2, source: 'alertmanager' }]);
  });

  it('shows on the alert and its timeline that alerts are missing', async () => {
    await alerts.webhook(readFixture('alertmanager-0.25-resolved-truncated'));
    const [alert] = await alerts.list('label.instance=web-2:9100');
    expect(alert?.truncated_alerts).toBe(2);
    const entries = await alerts.timeline(alert?.id ?? '');
    expect(entries.map((entry) => entry.kind)).toEqual(['fired', 'truncated']);
  });
});

describe('API v2', () => {
  it('is answered with 200 and nothing, as Prometheus expects', async () => {
    const response = await fetch(`${engine.url}/api/v1/ingest/prometheus/api/v2/alerts`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${engine.adminToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(readFixture('prometheus-firing')),
    });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('takes an empty batch', async () => {
    expect((await alerts.push([])).status).toBe(200);
  });

  it('stores the good alerts of a mixed batch and says which were not, and why', async () => {
    const name = uniqueName('Mixed');
    const good = (instance: string) => ({ labels: { alertname: name, instance } });
    const answer = await alerts.push([good('a'), { labels: {} }, good('b'), { labels: { alertname: 7 } }]);
    const problem = answer.body as unknown as Problem;
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(problem.detail).toBe('2 of 4 alerts were not stored (index 1, 3). The other 2 were stored.');
    expect(problem.errors?.map((error) => error.field)).toEqual([
      'alerts.1.labels',
      'alerts.3.labels.alertname',
    ]);
    expect((await alerts.named(name)).map((alert) => alert.labels['instance'])).toEqual(['a', 'b']);
  });

  it('refuses what is no array, no JSON or too large, each in its own way', async () => {
    const wrong = await alerts.push({ alerts: [] });
    expect([wrong.status, (wrong.body as unknown as Problem).errors?.[0]?.field]).toEqual([400, 'body']);
    const headers = { 'Content-Type': 'application/json' };
    const path = '/ingest/prometheus/api/v2/alerts';
    expect((await engine.api('POST', path, { body: '[{"labels":', headers })).status).toBe(400);
    const large = [{ labels: { alertname: 'Large' }, annotations: { text: 'x'.repeat(30_000) } }];
    expect((await alerts.push(large)).status).toBe(413);
    expect(await alerts.named('Large')).toEqual([]);
  });

  it('needs a key', async () => {
    const path = '/ingest/prometheus/api/v2/alerts';
    const body = [{ labels: { alertname: 'Anonymous' } }];
    expect((await engine.api('POST', path, { body, token: null })).status).toBe(401);
    const { body: made } = await engine.api<{ key: string }>('POST', '/api-keys', {
      body: { name: 'prometheus' },
    });
    const basic = `Basic ${Buffer.from(`prometheus:${made.key}`).toString('base64')}`;
    expect(
      (await engine.api('POST', path, { body, token: null, headers: { Authorization: basic } })).status,
    ).toBe(200);
    expect((await engine.api('POST', `${path}?key=${made.key}`, { body, token: null })).status).toBe(200);
    expect(await alerts.named('Anonymous')).toMatchObject([{ occurrences: 2 }]);
  });
});

describe('episodes', () => {
  it('are one alert however often and with whatever annotation it is sent', async () => {
    const labels = { alertname: uniqueName('Repeats') };
    await alerts.push([{ labels, annotations: { value: '91' } }]);
    await alerts.push([{ labels, annotations: { value: '92' } }]);
    await alerts.push([{ labels, annotations: { value: '92' } }]);
    const [alert, ...others] = await alerts.named(labels.alertname);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ occurrences: 3, annotations: { value: '92' } });
    expect((await alerts.timeline(alert?.id ?? '')).map((entry) => entry.kind)).toEqual(['fired']);
  });

  it('go on inside the reopen window, and the timeline says so', async () => {
    const labels = { alertname: uniqueName('Flaps') };
    await alerts.push([{ labels, startsAt: past(20) }]);
    await alerts.push([{ labels, startsAt: past(20), endsAt: past(2) }]);
    expect(await alerts.named(labels.alertname)).toMatchObject([{ status: 'resolved' }]);
    await alerts.push([{ labels }]);
    const [alert, ...others] = await alerts.named(labels.alertname);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ status: 'firing', resolved_at: null });
    expect((await alerts.timeline(alert?.id ?? '')).map((entry) => entry.kind)).toEqual([
      'fired',
      'resolved',
      'reopened',
    ]);
  });

  it('begin anew after the window; the earlier one stays as history', async () => {
    const labels = { alertname: uniqueName('Returns') };
    await alerts.push([{ labels, startsAt: past(60) }]);
    await alerts.push([{ labels, startsAt: past(60), endsAt: past(30) }]);
    await alerts.push([{ labels }]);
    const [first, second] = await alerts.named(labels.alertname);
    expect([first?.status, second?.status]).toEqual(['resolved', 'firing']);
    expect(first?.fingerprint).toBe(second?.fingerprint);
  });

  it('that were over before we heard of them are stored and open nothing', async () => {
    const labels = { alertname: uniqueName('Missed') };
    await alerts.push([{ labels, startsAt: past(60), endsAt: past(30) }]);
    await alerts.push([{ labels, startsAt: past(60), endsAt: past(30) }]);
    const [alert, ...others] = await alerts.named(labels.alertname);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ status: 'resolved' });
    expect((await alerts.timeline(alert?.id ?? '')).map((entry) => entry.kind)).toEqual(['resolved']);
  });

  it('are one when the same alert comes fifty times at once, each counted', async () => {
    const labels = { alertname: uniqueName('Storm') };
    const send = async (): Promise<number> => {
      const { status } = await alerts.push([{ labels }]);
      return status === 503 ? send() : status;
    };
    const answers = await Promise.all(Array.from({ length: 50 }, send));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(await alerts.named(labels.alertname)).toMatchObject([{ status: 'firing', occurrences: 50 }]);
  });
});

describe('what cannot be stored', () => {
  it('is refused with 503 and Retry-After when too much waits, and nothing that was accepted is lost', async () => {
    const names = Array.from({ length: 60 }, () => uniqueName('Overload'));
    let refused = 0;
    const sent = await holdingTable(async () => {
      const answers = names.map(async (name) => {
        const answer = await alerts.push([{ labels: { alertname: name } }]);
        if (answer.status === 503) refused += 1;
        return { name, status: answer.status, retryAfter: answer.headers.get('retry-after') };
      });
      await until(() => refused === 20, { description: 'twenty refusals over a limit of forty' });
      return answers;
    });
    const answers = await Promise.all(sent);
    expect(new Set(answers.map((one) => `${one.status} ${one.retryAfter}`))).toEqual(
      new Set(['200 null', '503 1']),
    );
    for (const { name, status } of answers) {
      expect(await alerts.named(name)).toHaveLength(status === 200 ? 1 : 0);
    }
  });

  it('takes nothing else down that is committed with it', async () => {
    const queue = engine.app.get(IngestQueue);
    const good = Array.from({ length: 5 }, () =>
      makeDelivery({ labels: { alertname: uniqueName('Neighbour') } }),
    );
    const named = good.map((one) => ({ ...one, alertName: one.labels['alertname'] ?? '' }));
    const bad = makeDelivery({ labels: { alertname: uniqueName('Unstorable') }, truncatedAlerts: 2 ** 40 });
    const outcomes = await holdingTable(async () => {
      const first = queue.submit([makeDelivery({ labels: { alertname: uniqueName('First') } })]);
      return [
        first,
        ...[...named.slice(0, 3), bad, ...named.slice(3)].map((delivery) => queue.submit([delivery])),
      ];
    }).then((promises) => Promise.allSettled(promises));
    expect(outcomes.map((one) => one.status)).toEqual([
      ...['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'],
      'rejected',
      ...['fulfilled', 'fulfilled'],
    ]);
    for (const delivery of named) expect(await alerts.named(delivery.alertName)).toHaveLength(1);
  });
});

describe('generic JSON', () => {
  it('is taken in its plain form without any set-up', async () => {
    const title = uniqueName('Queue is full');
    const answer = await alerts.generic('billing', {
      title,
      severity: 'high',
      status: 'firing',
      labels: { q: 'a' },
    });
    expect([answer.status, answer.body]).toEqual([202, { received: 1 }]);
    expect(await alerts.named(title)).toMatchObject([
      { source: 'billing', severity: 'high', labels: { q: 'a' } },
    ]);
    await alerts.generic('billing', { title, status: 'resolved', labels: { q: 'a' } });
    expect(await alerts.named(title)).toMatchObject([{ status: 'resolved' }]);
  });

  it('is read by the mapping of its source, as soon as that is stored', async () => {
    const name = uniqueName('disk');
    const path = '/ingest-mappings/checks';
    const mapping = {
      items: 'events',
      alert_name: 'check',
      labels: { host: 'node.name' },
      status_map: { green: 'resolved' },
    };
    await alerts.generic('checks', { title: 'before there was a mapping' });
    const put = await engine.api('PUT', path, { body: mapping });
    expect([put.status, put.body]).toMatchObject([
      200,
      { source: 'checks', alert_name: 'check', severity: null },
    ]);
    await alerts.generic('checks', { events: [{ check: name, node: { name: 'db-1' } }] });
    expect(await alerts.named(name)).toMatchObject([{ labels: { host: 'db-1' }, status: 'firing' }]);
    expect((await engine.api('GET', path)).body).toMatchObject(mapping);
    expect((await engine.api('GET', '/ingest-mappings')).body).toMatchObject({ pagination: { total: 1 } });
    expect((await engine.api('DELETE', path)).status).toBe(204);
    expect((await engine.api('GET', path)).status).toBe(404);
    expect((await engine.api('DELETE', path)).status).toBe(404);
  });

  it('refuses a mapping with unknown fields, and a source that is no name', async () => {
    const answer = await engine.api('PUT', '/ingest-mappings/checks', { body: { alertname: 'x' } });
    expect([answer.status, (answer.body as unknown as Problem).errors?.[0]?.field]).toEqual([
      400,
      'alertname',
    ]);
    expect((await alerts.generic('no%20name', { title: 'x' })).status).toBe(400);
  });
});

describe('a database that is away', () => {
  it('is a 503 and not an acknowledgement; what is sent again is stored', async () => {
    const name = uniqueName('Away');
    const source = engine.app.get<DataSource>(getDataSourceToken());
    const cutOff = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%wanted%' AND state <> 'idle'`;
    const [answer] = await holdingTable(async () => {
      const pending = alerts.push([{ labels: { alertname: name } }]);
      await until(async () => (await source.query<unknown[]>(cutOff)).length > 0, {
        description: 'the writer to be cut off',
      });
      return [pending];
    });
    const { status, headers, body } = await answer;
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(JSON.stringify(body)).toContain('cannot be stored right now');
    expect(await alerts.named(name)).toEqual([]);
    expect((await alerts.push([{ labels: { alertname: name } }])).status).toBe(200);
    expect(await alerts.named(name)).toHaveLength(1);
  });
});
