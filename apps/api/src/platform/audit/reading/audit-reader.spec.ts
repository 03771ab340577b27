import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntryDto, PageDto } from '@aiops/contracts';
import { startTestEngine, type TestEngine } from '../../../testing/test-engine.js';
import { DatabaseSession } from '../../database/database-session.js';

let engine: TestEngine;
const names = ['one', 'two', '=HYPERLINK("http://evil.example")'];
const traceIdOf = (index: number): string => String(index + 1).repeat(32);
let subjectId: string;

beforeAll(async () => {
  engine = await startTestEngine();
  for (const name of names) {
    const { body } = await engine.api<{ id: string }>('POST', '/api-keys', {
      body: { name },
      headers: { 'X-Trace-ID': traceIdOf(names.indexOf(name)), 'User-Agent': 'curl/8' },
    });
    subjectId = body.id;
  }
});
afterAll(() => engine.stop());

const list = async (query: string): Promise<AuditEntryDto[]> => {
  const { status, body } = await engine.api<PageDto<AuditEntryDto>>('GET', `/audit-log?${query}`);
  expect([status, body]).toEqual([200, body]);
  return body.data;
};
const exported = async (query: string): Promise<{ text: string; headers: Headers }> => {
  const answer = await fetch(`${engine.url}/api/v1/audit-log/export?${query}`, {
    headers: { Authorization: `Bearer ${engine.adminToken}` },
  });
  expect(answer.status).toBe(200);
  return { text: await answer.text(), headers: answer.headers };
};

describe('reading the audit log (R1.9)', () => {
  it('lists what happened, newest first, with who, what and from where', async () => {
    const [newest] = await list('action=api_key.created');
    expect(newest).toMatchObject({
      action: 'api_key.created',
      outcome: 'succeeded',
      actor: { kind: 'user', name: 'admin' },
      subject: { kind: 'api_key', id: subjectId, name: names[2] },
      before: null,
      after: { name: names[2], role: 'viewer', hash: '***' },
      remote_address: '127.0.0.1',
      user_agent: 'curl/8',
      trace_id: traceIdOf(2),
    });
    const positions = (await list('')).map(({ position }) => position);
    expect(positions).toEqual(positions.toSorted((a, b) => b - a));
  });

  it.each([
    [`trace_id=${traceIdOf(1)}`, 1],
    ['subject_kind=api_key&q=two', 1],
    ['subject_kind=api_key&actor=admin', 3],
    ['subject_kind=api_key&actor=nobody', 0],
    ['action=api_key.created&outcome=failed', 0],
    ['subject_kind=api_key&to=2020-01-01T00:00:00Z', 0],
    ['subject_kind=api_key&from=2020-01-01T00:00:00Z', 3],
    [`q=${encodeURIComponent('%')}`, 0],
  ])('finds by %s', async (query, count) => {
    expect(await list(query)).toHaveLength(count);
  });

  it('pages by cursor and gives fields', async () => {
    const path = '/audit-log?action=api_key.created&limit=2&fields=position';
    const first = await engine.api<PageDto<AuditEntryDto>>('GET', path);
    const cursor = first.body.pagination.next_cursor ?? '';
    const rest = await engine.api<PageDto<AuditEntryDto>>(
      'GET',
      `${path}&cursor=${encodeURIComponent(cursor)}`,
    );
    const all = [...first.body.data, ...rest.body.data];
    expect(all.map((entry) => Object.keys(entry))).toEqual([['position'], ['position'], ['position']]);
  });

  it('gives one entry, and a problem for none', async () => {
    const [entry] = await list('limit=1');
    const one = await engine.api<AuditEntryDto>('GET', `/audit-log/${entry?.id ?? ''}`);
    expect(one.body).toEqual(entry);
    const none = await engine.api('GET', '/audit-log/01981a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b');
    expect(none.status).toBe(404);
  });

  it('exports JSON Lines as they are, and notes who took them', async () => {
    const { text, headers } = await exported('format=jsonl&subject_kind=api_key');
    expect(headers.get('Content-Type')).toBe('application/jsonl; charset=utf-8');
    expect(headers.get('Content-Disposition')).toBe('attachment; filename="audit-log.jsonl"');
    const entries = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEntryDto);
    expect(entries.map(({ subject }) => subject.name)).toEqual(names);
    expect(await list('action=audit_log.exported&limit=1')).toMatchObject([
      { actor: { name: 'admin' }, subject: { name: 'jsonl' }, reason: 'Filter: subject_kind=api_key' },
    ]);
  });

  it('exports CSV in which nothing is a formula', async () => {
    const { text, headers } = await exported('subject_kind=api_key');
    expect(headers.get('Content-Type')).toContain('text/csv');
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toContain('"position","occurred_at","action"');
    expect(lines).toHaveLength(4);
    expect(lines[3]).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  });

  it('refuses a filter that no entry can match, before the file begins and without an entry about it', async () => {
    const before = await list('action=audit_log.exported');
    const answer = await fetch(`${engine.url}/api/v1/audit-log/export?actor=%00`, {
      headers: { Authorization: `Bearer ${engine.adminToken}` },
    });
    expect(answer.status).toBe(400);
    expect(await list('action=audit_log.exported')).toHaveLength(before.length);
  });

  it('goes on over many batches, and has each entry once', async () => {
    await engine.app.get(DatabaseSession).manager.query(`
      INSERT INTO audit_intake (id, occurred_at, action, outcome, actor_kind, actor_name, subject_kind)
      SELECT gen_random_uuid(), now(), 'rule.created', 'succeeded', 'system', 'AIOps', 'rule'
      FROM generate_series(1, 1203)`);
    const { text } = await exported('format=jsonl&action=rule.created');
    const positions = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as AuditEntryDto).position);
    expect(positions).toHaveLength(1203);
    expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
  });

  it('is for administrators alone', async () => {
    const key = await engine.api<{ key: string }>('POST', '/api-keys', {
      body: { name: 'engineer', role: 'engineer', scopes: ['api'] },
    });
    for (const path of ['', '/export', '/verification']) {
      expect((await engine.api('GET', `/audit-log${path}`, { token: key.body.key })).status).toBe(403);
    }
  });
});
