import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { alertsOf, uniqueName } from '../alert.fixture.js';
import { OverdueSweeper } from './overdue.sweeper.js';

const minute = 60_000;
let engine: TestEngine;
let alerts: ReturnType<typeof alertsOf>;
beforeAll(async () => {
  // Without jobs, so that only the test sweeps.
  engine = await startTestEngine({ AIOPS_ROLE: 'api' });
  alerts = alertsOf(engine);
});
afterAll(() => engine.stop());
afterEach(() => vi.restoreAllMocks());

/** Puts the engine's clock ahead. */
function goAhead(ms: number): void {
  vi.restoreAllMocks();
  const target = Date.now() + ms;
  vi.spyOn(engine.app.get(Clock), 'now').mockImplementation(() => new Date(target));
}
const sweep = () => engine.app.get(OverdueSweeper).sweep();

describe('an alert that is not heard of again', () => {
  it('is resolved by the timeout, and the timeline says why', async () => {
    const name = uniqueName('Silent');
    await alerts.push([{ labels: { alertname: name } }]);
    goAhead(4.9 * minute);
    expect(await sweep()).toBe(0);
    goAhead(5.1 * minute);
    expect(await sweep()).toBe(1);
    const [alert] = await alerts.named(name);
    expect(alert?.status).toBe('resolved');
    expect(alert?.ends_at).toBe(alert?.resolved_at);
    const entries = await alerts.timeline(alert?.id ?? '');
    expect(entries.at(-1)).toMatchObject({
      kind: 'resolved',
      actor: { kind: 'system' },
      summary: 'Resolved, because its sender did not report it again in time',
    });
    expect(await sweep()).toBe(0);
  });

  it('lives on with each delivery', async () => {
    const name = uniqueName('Alive');
    await alerts.push([{ labels: { alertname: name } }]);
    goAhead(4 * minute);
    await alerts.push([{ labels: { alertname: name } }]);
    goAhead(6 * minute);
    expect(await sweep()).toBe(0);
    goAhead(9.1 * minute);
    expect(await sweep()).toBe(1);
    expect(await alerts.named(name)).toMatchObject([{ status: 'resolved', occurrences: 2 }]);
  });

  it('is resolved at the end that its sender announced', async () => {
    const name = uniqueName('Announced');
    const endsAt = new Date(Date.now() + 2 * minute).toISOString();
    await alerts.push([{ labels: { alertname: name }, endsAt, startsAt: new Date().toISOString() }]);
    goAhead(3 * minute);
    expect(await sweep()).toBe(1);
    const [alert] = await alerts.named(name);
    expect(alert).toMatchObject({ status: 'resolved', ends_at: endsAt, resolved_at: endsAt });
  });

  it('stays open when its sender resolves by itself', async () => {
    const name = uniqueName('Webhook');
    await alerts.webhook({ alerts: [{ status: 'firing', labels: { alertname: name } }] });
    goAhead(48 * 60 * minute);
    expect(await sweep()).toBe(0);
    expect(await alerts.named(name)).toMatchObject([{ status: 'firing' }]);
  });

  it('is resolved also when a person acknowledged it', async () => {
    const name = uniqueName('Acknowledged');
    const { id } = await alerts.fire(name);
    await engine.api('POST', `/alerts/${id}/acknowledge`, { body: {} });
    goAhead(6 * minute);
    expect(await sweep()).toBe(1);
    expect(await alerts.named(name)).toMatchObject([{ status: 'resolved', acknowledged_by: 'admin' }]);
  });
});
