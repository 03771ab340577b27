import type { ExecutionDto, RunbookDto } from '@aiops/contracts';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../../testing/test-engine.js';
import { ExecutionReader } from '../execution.reader.js';
import { OutputRepository } from '../output/output.repository.js';
import { LeaseLostError } from './lease.js';
import { LeaseRepository } from './lease.repository.js';
import { TransitionStore } from './transition.store.js';

const MINUTE_MS = 60_000;

/** An engine that answers requests and runs nothing, so that the test is the worker. */
describe('a lease', () => {
  let engine: TestEngine;
  let leases: LeaseRepository;
  let runbook: RunbookDto;
  beforeAll(async () => {
    engine = await startTestEngine({ AIOPS_ROLE: 'api' });
    leases = engine.app.get(LeaseRepository);
    const body = 'name: lease\nsteps: [{ name: Ask, http: { url: "http://127.0.0.1:9/" } }]';
    runbook = (await engine.api<RunbookDto>('POST', '/runbooks', { body })).body;
  });
  afterAll(() => engine.stop());

  const ask = async () =>
    (await engine.api<ExecutionDto>('POST', `/runbooks/${runbook.id}/execute`, { body: {} })).body;
  const claimed = async (id: string, owner: string, leaseMs: number) => {
    const lease = await leases.claim(id, owner, leaseMs, new Date());
    if (lease === null) throw new Error(`${owner} got no lease`);
    return lease;
  };

  it('is given to one worker, however many ask at the same moment', async () => {
    const executions = await Promise.all(Array.from({ length: 20 }, ask));
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, worker) => leases.claimDue(`worker-${worker}`, MINUTE_MS, new Date(), 5)),
    );
    const ids = claims.flat().map((lease) => lease.executionId);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await leases.claimDue('the-last', MINUTE_MS, new Date(), 100);
    expect([...ids, ...rest.map((lease) => lease.executionId)].sort()).toEqual(
      executions.map(({ id }) => id).sort(),
    );
  });

  it('that has run out and was taken by another lets its old holder do nothing at all', async () => {
    const { id } = await ask();
    const old = await claimed(id, 'old', 0);
    const fresh = await claimed(id, 'fresh', MINUTE_MS);
    const store = engine.app.get(TransitionStore);
    const output = engine.app.get(OutputRepository);
    const piece = { stepIndex: 0, attempt: 1, stream: 'stdout' as const, text: 'late', at: new Date() };

    await expect(store.fromWorker(old, { type: 'admitted' }, null)).rejects.toThrow(LeaseLostError);
    await expect(output.append(old, [piece], 1)).rejects.toThrow(LeaseLostError);
    expect(await leases.renew([old], MINUTE_MS)).toEqual(new Set());
    expect(await leases.release(old, 1)).toBe(false);
    expect(await engine.app.get(ExecutionReader).get(id)).toMatchObject({ status: 'queued', version: 1 });
    expect((await output.read(id, 0, 10)).chunks).toEqual([]);

    await store.fromWorker(fresh, { type: 'admitted' }, null);
    await output.append(fresh, [piece], 1);
    expect(await leases.renew([old, fresh], MINUTE_MS)).toEqual(new Set([id]));
  });

  it('is not given back over a change that its holder has not seen', async () => {
    const { id } = await ask();
    const lease = await claimed(id, 'worker', MINUTE_MS);
    const store = engine.app.get(TransitionStore);
    const { execution } = await store.fromWorker(lease, { type: 'admitted' }, null);
    await engine.api('POST', `/executions/${id}/cancel`, { body: {} });
    expect(await leases.release(lease, execution.version)).toBe(false);
    const { execution: seen, changedOutside } = await store.fromWorker(lease, { type: 'tick' }, execution);
    expect({ status: seen.status, changedOutside }).toEqual({ status: 'cancelled', changedOutside: true });
    expect(await leases.release(lease, seen.version)).toBe(true);
  });

  it('is renewed for all others while one execution is being written', async () => {
    const [busy, idle] = [await ask(), await ask()];
    const held = [await claimed(busy.id, 'worker', 1_000), await claimed(idle.id, 'worker', 1_000)];
    const sql = engine.app.get(DataSource);
    const writer = sql.createQueryRunner();
    await writer.startTransaction();
    await writer.query('SELECT 1 FROM executions WHERE id = $1 FOR UPDATE', [busy.id]);
    expect(await leases.renew(held, MINUTE_MS)).toEqual(new Set([busy.id, idle.id]));
    await writer.rollbackTransaction();
    await writer.release();
    const rows: { id: string; kept: boolean }[] = await sql.query(
      `SELECT id, lease_expires_at > now() + interval '30 seconds' AS kept FROM executions WHERE id = ANY($1) ORDER BY id`,
      [[busy.id, idle.id]],
    );
    expect(rows.map((row) => row.kept)).toEqual([false, true]);
  });

  it('is given for what waits for its target even before its time to look again', async () => {
    const { id } = await ask();
    const lease = await claimed(id, 'first', MINUTE_MS);
    const until = new Date(Date.now() + MINUTE_MS);
    const { execution } = await engine.app
      .get(TransitionStore)
      .fromWorker(lease, { type: 'blocked', reason: 'busy', until }, null);
    await leases.release(lease, execution.version);
    expect(await leases.claimDue('second', MINUTE_MS, new Date(), 100)).toEqual([]);
    expect(await leases.claim(id, 'second', MINUTE_MS, new Date())).not.toBeNull();
  });
});
