import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { newId } from '../clock.js';
import { DatabaseSession } from '../database/database-session.js';
import { CallContext } from '../http/call-context.js';
import { AuditLog } from './audit-log.service.js';
import { audited } from './audit-subject.js';

interface Row {
  position: string;
  subject_id: string;
  previous_hash: string;
  hash: string;
  [column: string]: unknown;
}

const auditedRule = audited<{ id: string; name: string; priority: number; token: string }>()({
  kind: 'rule',
  name: (rule) => rule.name,
  fields: ['name', 'priority'],
  secret: ['token'],
});
const rule = (name: string) => ({ id: newId(), name, priority: 1, token: 'hunter2' });

let engine: TestEngine;
let session: DatabaseSession;
let audit: AuditLog;

beforeAll(async () => {
  engine = await startTestEngine();
  session = engine.app.get(DatabaseSession);
  audit = engine.app.get(AuditLog);
});
afterAll(() => engine.stop());

const entriesOf = (subjectId: string): Promise<Row[]> =>
  session.manager.query('SELECT * FROM audit_log WHERE subject_id = $1 ORDER BY position', [subjectId]);

describe('the audit log (R1.9)', () => {
  it('keeps who did what to what from where, and of a change only what may be seen', async () => {
    const before = rule('disk');
    const after = { ...before, priority: 5, token: 'hunter3' };
    const actor = { kind: 'user', id: newId(), name: 'ana', role: 'engineer' } as const;
    const origin = { remoteAddress: '192.0.2.7', userAgent: 'Firefox' };
    await engine.app
      .get(CallContext)
      .run({ actor, origin, traceId: 'trace-1' }, () =>
        session.transaction(() =>
          audit.record({ action: 'rule.updated', ...auditedRule.changed(before, after), reason: 'too late' }),
        ),
      );
    expect(await entriesOf(before.id)).toEqual([
      expect.objectContaining({
        action: 'rule.updated',
        outcome: 'succeeded',
        actor_kind: 'user',
        actor_id: actor.id,
        actor_name: 'ana',
        subject_kind: 'rule',
        subject_name: 'disk',
        reason: 'too late',
        before: { priority: 1, token: '***' },
        after: { priority: 5, token: '***' },
        remote_address: '192.0.2.7',
        user_agent: 'Firefox',
        trace_id: 'trace-1',
      }),
    ]);
  });

  it('has nothing of what was undone, as a whole or to a savepoint', async () => {
    const undone = rule('undone');
    const work = session.transaction(async () => {
      await audit.record({ action: 'rule.created', ...auditedRule.made(undone) });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    const kept = rule('kept');
    await session.transaction(async () => {
      await audit.record({ action: 'rule.created', ...auditedRule.made(kept) });
      await session.manager.query('SAVEPOINT here');
      await audit.record({ action: 'rule.removed', ...auditedRule.removed(kept) });
      await session.manager.query('ROLLBACK TO SAVEPOINT here');
    });
    expect(await entriesOf(undone.id)).toEqual([]);
    expect((await entriesOf(kept.id)).map(({ action }) => action)).toEqual(['rule.created']);
  });

  it('keeps what is recorded apart when the transaction around it is undone', async () => {
    const refused = rule('refused');
    const work = session.transaction(async () => {
      await audit.recordApart({ action: 'rule.updated', ...auditedRule.of(refused), outcome: 'refused' });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await entriesOf(refused.id)).toHaveLength(1);
  });

  it('takes no entry outside of a transaction, where it could be there without what it tells about', async () => {
    const alone = audit.record({ action: 'rule.created', ...auditedRule.made(rule('alone')) });
    await expect(alone).rejects.toThrow('transaction');
  });

  it('stores text of strangers whatever characters it has', async () => {
    const odd = rule('nul \0, half \ud800, quote " \' \\ and \n\u2028');
    await session.transaction(() => audit.record({ action: 'rule.created', ...auditedRule.made(odd) }));
    const [entry] = await entriesOf(odd.id);
    expect(entry?.['subject_name']).toBe('nul , half \ufffd, quote " \' \\ and \n\u2028');
  });

  it('chains 50 transactions at once without a gap and without a deadlock', async () => {
    const rules = Array.from({ length: 50 }, (_, index) => rule(`rule ${index}`));
    await Promise.all(
      rules.map((each) =>
        session.transaction(async () => {
          await audit.record({ action: 'rule.created', ...auditedRule.made(each) });
          await session.manager.query('SELECT pg_sleep(0.01)');
          await audit.record({ action: 'rule.removed', ...auditedRule.removed(each) });
        }),
      ),
    );
    const rows = await session.manager.query<Row[]>('SELECT * FROM audit_log ORDER BY position');
    expect(rows.length).toBeGreaterThanOrEqual(100);
    expect(rows.map(({ position }) => Number(position))).toEqual(rows.map((_, index) => index + 1));
    const links = rows.map((row, index) => [row.previous_hash, rows[index - 1]?.hash ?? '0'.repeat(64)]);
    expect(links.filter(([previous, expected]) => previous !== expected)).toEqual([]);
    const [head] = await session.manager.query<object[]>('SELECT position, hash FROM audit_head');
    expect(head).toEqual({ position: String(rows.length), hash: rows.at(-1)?.hash });
    expect(await session.manager.query('SELECT id FROM audit_intake')).toEqual([]);
  });

  it.each([
    `UPDATE audit_log SET actor_name = 'nobody'`,
    'DELETE FROM audit_log',
    'DELETE FROM audit_log WHERE false',
    'TRUNCATE audit_log',
    `UPDATE audit_head SET position = 0, hash = repeat('0', 64)`,
    'UPDATE audit_head SET position = position + 1',
    'DELETE FROM audit_head',
    'TRUNCATE audit_head',
    `INSERT INTO audit_head (single, position, hash) VALUES (true, 0, '')`,
  ])('refuses %s', async (statement) => {
    const before: unknown = await session.manager.query('SELECT position, hash FROM audit_head');
    await expect(session.manager.query(statement)).rejects.toMatchObject({ code: '42501' });
    expect(await session.manager.query('SELECT position, hash FROM audit_head')).toEqual(before);
  });
});
