import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { io } from 'socket.io-client';
import { until } from '@aiops/testing';
import type { AlertDto, BulkResult, PageDto, Problem } from '@aiops/contracts';
import { newId, systemActor } from '../platform/index.js';
import { startTestEngine, type TestEngine } from '../testing/test-engine.js';
import { AlertReader, AlertRemediationState, AlertTimeline } from './index.js';
import { alertsOf, uniqueName } from './alert.fixture.js';

let engine: TestEngine;
let alerts: ReturnType<typeof alertsOf>;
beforeAll(async () => {
  engine = await startTestEngine();
  alerts = alertsOf(engine);
});
afterAll(() => engine.stop());

const post = <T = AlertDto>(path: string, body: unknown = {}) =>
  engine.api<T>('POST', `/alerts/${path}`, { body });

describe('what people do to an alert', () => {
  it('is acknowledged with who and when, on the alert and its timeline', async () => {
    const { id } = await alerts.fire(uniqueName('Ack'));
    const answer = await post(`${id}/acknowledge`, { note: 'on it' });
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { status: 'acknowledged', acknowledged_by: 'admin' },
    ]);
    expect(answer.body.acknowledged_at).not.toBeNull();
    const entries = await alerts.timeline(id);
    expect(entries.map((entry) => [entry.kind, entry.actor.name])).toEqual([
      ['fired', 'prometheus'],
      ['acknowledged', 'admin'],
    ]);
    expect(entries[1]).toMatchObject({
      summary: 'Acknowledged: on it',
      details: { note: 'on it' },
      actor: { kind: 'user' },
    });
  });

  it('stays acknowledged while it repeats, and can be taken back', async () => {
    const name = uniqueName('AckRepeats');
    const { id } = await alerts.fire(name);
    await post(`${id}/acknowledge`);
    expect(await alerts.fire(name)).toMatchObject({ id, status: 'acknowledged', occurrences: 2 });
    expect((await post(`${id}/unacknowledge`)).body).toMatchObject({
      status: 'firing',
      acknowledged_by: null,
    });
  });

  it('does not need a body', async () => {
    const { id } = await alerts.fire(uniqueName('NoBody'));
    expect((await engine.api('POST', `/alerts/${id}/acknowledge`)).status).toBe(200);
  });

  it('is resolved by hand; after that it cannot be acknowledged', async () => {
    const { id } = await alerts.fire(uniqueName('Resolve'));
    const { body } = await post(`${id}/resolve`, { note: 'false alarm' });
    expect(body).toMatchObject({ status: 'resolved', resolved_at: body.ends_at });
    const refused = await post<Problem>(`${id}/acknowledge`);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('resolved')]);
    expect((await post(`${id}/resolve`)).status).toBe(200);
    expect((await alerts.timeline(id)).map((entry) => entry.kind)).toEqual(['fired', 'resolved']);
  });

  it('is a 404 for an alert that is not there and a 400 for an id that is none', async () => {
    expect((await post(`${newId()}/acknowledge`)).status).toBe(404);
    expect((await post('nonsense/acknowledge')).status).toBe(400);
    expect((await engine.api('GET', `/alerts/${newId()}`)).status).toBe(404);
    expect((await engine.api('GET', `/alerts/${newId()}/timeline`)).status).toBe(404);
  });
});

describe('bulk actions (R2.6)', () => {
  it('change what they can and say why not for the rest', async () => {
    const open = await alerts.fire(uniqueName('Bulk'));
    const over = await alerts.fire(uniqueName('Bulk'));
    await post(`${over.id}/resolve`);
    const missing = newId();
    const { status, body } = await post<BulkResult>('bulk/acknowledge', {
      ids: [open.id, over.id, missing, 'odd', open.id],
    });
    expect(status).toBe(200);
    expect(body.success).toEqual([open.id]);
    expect(new Map(body.failed.map(({ id, error }) => [id, error]))).toEqual(
      new Map([
        [over.id, expect.stringContaining('resolved')],
        [missing, 'There is no such alert.'],
        ['odd', 'There is no such alert.'],
      ]),
    );
    const resolved = await post<BulkResult>('bulk/resolve', { ids: [open.id, over.id] });
    expect(new Set(resolved.body.success)).toEqual(new Set([open.id, over.id]));
  });

  it('reach more alerts than one transaction holds, and tell everybody', async () => {
    const alertname = uniqueName('Many');
    await alerts.push(
      Array.from({ length: 250 }, (_unused, index) => ({
        labels: { alertname, severity: 'info', instance: `i${index}` },
        annotations: {},
        startsAt: new Date().toISOString(),
      })),
    );
    const ids: string[] = [];
    for (const page of [1, 2]) {
      const query = `alert_name=${alertname}&page_size=200&page=${page}`;
      const { body } = await engine.api<PageDto<AlertDto>>('GET', `/alerts?${query}`);
      ids.push(...body.data.map((alert) => alert.id));
    }
    expect(ids).toHaveLength(250);
    expect((await post<BulkResult>('bulk/acknowledge', { ids, note: 'on it' })).body).toEqual({
      success: ids,
      failed: [],
    });
    const open = `alert_name=${alertname}&status=acknowledged`;
    expect((await engine.api<PageDto<AlertDto>>('GET', `/alerts?${open}`)).body.pagination.total).toBe(250);
    expect((await alerts.timeline(ids[249] ?? '')).map((entry) => entry.summary)).toContain(
      'Acknowledged: on it',
    );
  });

  it('delete alerts for good, and one that still fires comes back as a new one', async () => {
    const name = uniqueName('Delete');
    const { id } = await alerts.fire(name);
    expect((await post<BulkResult>('bulk/delete', { ids: [id] })).body).toEqual({
      success: [id],
      failed: [],
    });
    expect((await engine.api('GET', `/alerts/${id}`)).status).toBe(404);
    expect((await alerts.fire(name)).id).not.toBe(id);
  });

  it('take a thousand ids and not one more', async () => {
    const ids = Array.from({ length: 1001 }, () => newId());
    expect((await post('bulk/resolve', { ids })).status).toBe(400);
    const { body } = await post<BulkResult>('bulk/resolve', { ids: ids.slice(1) });
    expect(body.failed).toHaveLength(1000);
  });
});

describe('the list', () => {
  const team = uniqueName('team');
  beforeAll(async () => {
    const alert = (alertname: string, severity: string, region: string, minutes: number) => ({
      labels: { alertname, severity, region, team },
      annotations: { summary: `${alertname} is 100% odd` },
      startsAt: new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString(),
    });
    await alerts.push([
      alert('ListA', 'warning', 'eu', 1),
      alert('ListB', 'critical', 'eu', 2),
      alert('ListC', 'info', 'us', 3),
      alert('ListD', 'high', 'us', 4),
    ]);
    await alerts.webhook({
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'ListE', team, region: 'asia' },
          startsAt: '2026-01-01T00:05:00Z',
        },
      ],
    });
    const [first] = await alerts.named('ListA');
    await post(`${first?.id}/acknowledge`);
  });
  const names = async (query: string) =>
    (await alerts.list(`label.team=${team}&${query}`)).map((alert) => alert.alert_name);

  it('sorts by severity in its rank, never from A to Z', async () => {
    expect((await names('sort=-severity')).slice(0, 3)).toEqual(['ListB', 'ListD', 'ListA']);
    expect((await names('sort=severity')).slice(2)).toEqual(['ListA', 'ListD', 'ListB']);
  });

  it('shows the newest start first unless told otherwise', async () => {
    expect(await names('')).toEqual(['ListE', 'ListD', 'ListC', 'ListB', 'ListA']);
    for (const sort of ['last_received_at', '-occurrences', 'created_at'])
      expect(await names(`sort=${sort}`)).toHaveLength(5);
  });

  it('filters by each field, several values meaning any of them', async () => {
    expect(await names('status=acknowledged')).toEqual(['ListA']);
    expect(await names('severity=critical,high')).toEqual(['ListD', 'ListB']);
    expect(await names('source=alertmanager')).toEqual(['ListE']);
    expect(await names('alert_name=ListA,ListC')).toEqual(['ListC', 'ListA']);
    expect(await names('label.region=us,asia')).toEqual(['ListE', 'ListD', 'ListC']);
    expect(await names('label.region=us&severity=info')).toEqual(['ListC']);
    expect(await names('from=2026-01-01T00:02:00.000Z&to=2026-01-01T00:04:00.000Z')).toEqual([
      'ListC',
      'ListB',
    ]);
  });

  it('finds text in name, labels and annotations, taken as it stands', async () => {
    expect(await names('q=listb')).toEqual(['ListB']);
    expect(await names('q=asia')).toEqual(['ListE']);
    expect(await names(`q=${encodeURIComponent('100% odd')}`)).toHaveLength(4);
    expect(await names(`q=${encodeURIComponent('10%odd')}`)).toEqual([]);
  });

  it('answers 400 to a filter, value, sort or field that does not exist', async () => {
    for (const query of [
      'colour=red',
      'status=burning',
      'severity=page',
      'sort=labels',
      'fields=colour',
      'label.=x',
      'from=today',
    ]) {
      expect([query, (await engine.api('GET', `/alerts?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it.each(['-severity', 'created_at', '-last_received_at'])(
    'goes through all pages by cursor, each alert once, sorted by %s',
    async (sort) => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = await engine.api<PageDto<AlertDto>>(
          'GET',
          `/alerts?label.team=${team}&limit=2&sort=${sort}${from}`,
        );
        seen.push(...page.body.data.map((alert) => alert.alert_name));
        cursor = page.body.pagination.next_cursor;
      }
      expect(seen).toHaveLength(5);
      expect(new Set(seen).size).toBe(5);
    },
  );

  it('shows only the fields that are asked for', async () => {
    const [alert] = await alerts.list(`label.team=${team}&fields=id,severity`);
    expect(Object.keys(alert ?? {}).sort()).toEqual(['id', 'severity']);
    const single = await engine.api('GET', `/alerts/${alert?.id}?fields=status`);
    expect(Object.keys(single.body)).toEqual(['status']);
  });
});

describe('what other modules may do', () => {
  it('asks for alerts, their history and what is open', async () => {
    const reader = engine.app.get(AlertReader);
    const name = uniqueName('Reader');
    const labels = { alertname: name };
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await alerts.push([{ labels, startsAt: ago(60), endsAt: ago(30) }]);
    const { id, fingerprint } = await alerts.fire(name);
    expect((await reader.history(fingerprint, { limit: 10 })).map((alert) => alert.status)).toEqual([
      'firing',
      'resolved',
    ]);
    expect(
      (await reader.history(fingerprint, { excludeId: id, limit: 10 })).map((alert) => alert.status),
    ).toEqual(['resolved']);
    expect((await reader.open(1000)).every((alert) => alert.status !== 'resolved')).toBe(true);
    expect((await reader.newest(1))[0]?.id).toBe(id);
    expect(await reader.findMany([])).toEqual([]);
    expect(await reader.find(newId())).toBeNull();
    await expect(reader.get(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('adds to the timeline and shows where remediation stands, and survives an alert that is gone', async () => {
    const { id } = await alerts.fire(uniqueName('Remediated'));
    const timeline = engine.app.get(AlertTimeline);
    const entry = { kind: 'rule_matched_by_test', actor: systemActor, summary: 'Rule "restart" matched' };
    await timeline.add(id, entry);
    await engine.app.get(AlertRemediationState).set(id, 'running');
    expect((await engine.api('GET', `/alerts/${id}`)).body).toMatchObject({ remediation: 'running' });
    expect((await alerts.timeline(id)).at(-1)).toMatchObject({
      kind: 'rule_matched_by_test',
      actor: { kind: 'system', name: 'AIOps' },
    });
    await timeline.add(newId(), entry);
    await engine.app.get(AlertRemediationState).set(newId(), 'running');
  });
});

describe('open screens', () => {
  it('see new, changed and deleted alerts without asking', async () => {
    const socket = io(engine.url, { auth: { token: engine.adminToken }, transports: ['websocket'] });
    const created: AlertDto[] = [];
    const updated: AlertDto[] = [];
    const deleted: string[] = [];
    socket.on('alert.created', (list: AlertDto[]) => created.push(...list));
    socket.on('alert.updated', (list: AlertDto[]) => updated.push(...list));
    socket.on('alert.deleted', (ids: string[]) => deleted.push(...ids));
    try {
      await until(() => socket.connected, { description: 'the socket to connect' });
      const { id } = await alerts.fire(uniqueName('Live'));
      const shown = await until(() => created.find((alert) => alert.id === id), {
        description: 'alert.created',
      });
      const { body } = await engine.api('GET', `/alerts/${id}`);
      expect(Object.keys(shown).sort()).toEqual(Object.keys(body).sort());
      await post(`${id}/acknowledge`);
      await until(() => updated.find((alert) => alert.id === id && alert.status === 'acknowledged'), {
        description: 'alert.updated',
      });
      await post('bulk/delete', { ids: [id] });
      await until(() => deleted.includes(id), { description: 'alert.deleted' });
    } finally {
      socket.disconnect();
    }
  });
});
