import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../../testing/test-engine.js';
import { DatabaseSession } from '../../database/database-session.js';
import { AuditLog } from '../audit-log.service.js';
import { audited } from '../audit-subject.js';
import { AuditVerifier } from './audit-verifier.service.js';
import { canonicalForm, type ChainedEntry } from './canonical.js';
import type { ChainPoint } from './chain-check.js';
import { AuditChainRepository } from './chain.repository.js';

let engine: TestEngine;
let session: DatabaseSession;
let audit: AuditLog;
let verifier: AuditVerifier;

beforeAll(async () => {
  engine = await startTestEngine();
  session = engine.app.get(DatabaseSession);
  audit = engine.app.get(AuditLog);
  verifier = engine.app.get(AuditVerifier, { strict: false });
});
afterAll(() => engine.stop());

const auditedRule = audited<{ id: string; name: string; description: string; at: number }>()({
  kind: 'rule',
  name: (rule) => rule.name,
  fields: ['description', 'at'],
});

const write = (name: string, description: string, reason: string): Promise<void> =>
  session.transaction(() =>
    audit.record({
      action: 'rule.created',
      ...auditedRule.made({ id: name, name, description, at: description.length / 3 }),
      reason,
    }),
  );
const newest = async (): Promise<number> => (await verifier.verify()).reached.position;

/** As whoever owns the table can, and leaves the triggers as they were. */
async function tamper(...statements: string[]): Promise<void> {
  await session.transaction(async () => {
    for (const table of ['audit_log', 'audit_head']) {
      await session.manager.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    }
    for (const statement of statements) await session.manager.query(statement);
    for (const table of ['audit_log', 'audit_head']) {
      await session.manager.query(`ALTER TABLE ${table} ENABLE TRIGGER ALL`);
    }
  });
}

describe('verifying the audit log (R1.9)', () => {
  it('computes the very form that the database does, whatever is written', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, text, text, (name, description, reason) => write(name, description, reason)),
      { numRuns: 60 },
    );
    const forms = await session.manager.query<{ form: string }[]>(
      'SELECT audit_canonical(a) AS form FROM audit_log a ORDER BY position',
    );
    const entries: ChainedEntry[] = [];
    const chain = engine.app.get(AuditChainRepository, { strict: false });
    for await (const entry of chain.entries(7)) entries.push(entry);
    expect(entries.map(canonicalForm)).toEqual(forms.map(({ form }) => form));
    expect(entries.length).toBeGreaterThan(60);
    expect(await verifier.verify()).toMatchObject({ fault: null, reached: { position: entries.length } });
  });

  it('answers on the API, and remembers for a moment', async () => {
    const answer = await engine.api('GET', '/audit-log/verification');
    const { reached } = await verifier.verify();
    expect(answer.body).toEqual({
      valid: true,
      position: reached.position,
      hash: reached.hash,
      problem: null,
      checked_at: expect.any(String) as string,
      duration_ms: expect.any(Number) as number,
    });
    await write('later', '', '');
    expect((await engine.api('GET', '/audit-log/verification')).body).toEqual(answer.body);
  });

  it('finds the newest entry removed, one in the middle removed, one changed, each where it shows first', async () => {
    const last = await newest();
    await tamper(`DELETE FROM audit_log WHERE position = ${last}`);
    expect((await verifier.verify()).fault).toEqual({ position: last, message: `Entry ${last} is missing.` });
    await tamper('DELETE FROM audit_log WHERE position = 40');
    expect((await verifier.verify()).fault).toEqual({ position: 40, message: 'Entry 40 is missing.' });
    await tamper(`UPDATE audit_log SET actor_name = 'somebody else' WHERE position = 30`);
    expect((await verifier.verify()).fault).toMatchObject({
      position: 30,
      message: expect.stringContaining('was changed') as string,
    });
    await tamper(
      `UPDATE audit_log a SET hash = encode(sha256(convert_to(audit_canonical(a), 'UTF8')), 'hex') WHERE position = 30`,
    );
    expect((await verifier.verify()).fault).toMatchObject({
      position: 31,
      message: expect.stringContaining('does not follow') as string,
    });
  });

  it('needs a kept point to find that the newest entries are gone and the head with them', async () => {
    const kept: ChainPoint = (await verifier.verify()).reached;
    expect(kept.position).toBe(30);
    await tamper(
      'DELETE FROM audit_log WHERE position > 20',
      'UPDATE audit_head h SET position = 20, hash = (SELECT hash FROM audit_log WHERE position = 20)',
    );
    expect((await verifier.verify()).fault).toBeNull();
    expect((await verifier.verify(kept)).fault).toEqual({
      position: 21,
      message: 'The entries 21 to 30 are missing.',
    });
    await write('goes on', '', '');
    expect((await verifier.verify()).reached.position).toBe(21);
  });

  it('finds a head that is gone, or names another entry', async () => {
    await tamper(`UPDATE audit_head SET hash = repeat('a', 64)`);
    expect((await verifier.verify()).fault?.message).toContain('does not name its newest entry');
    await tamper('DELETE FROM audit_head');
    expect((await verifier.verify()).fault?.message).toContain('is gone');
  });
});
