import { until } from '@aiops/testing';
import { Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainEventPayload } from '@aiops/contracts';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { newId } from '../clock.js';
import { DatabaseSession } from '../database/database-session.js';
import type { Happened } from '../jobs/job.context.js';
import { OnDomainEvent, OnDomainEvents, OnLiveEvent } from '../jobs/job.decorators.js';
import { EventBus } from './event-bus.service.js';
import { parseNotify, splitForNotify } from './live-channel.js';

type AlertChanged = DomainEventPayload<'alert.changed.v1'>;

@Injectable()
class Listener {
  readonly durable: string[] = [];
  readonly live: string[] = [];
  readonly messages: number[] = [];
  failures = 0;

  @OnDomainEvent('alert.changed.v1', 'test.durable')
  async changed(event: AlertChanged): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('not yet');
    }
    this.durable.push(...event.changes.map((change) => change.alert_id));
    await Promise.resolve();
  }
  readonly picked: string[] = [];
  @OnDomainEvent('alert.changed.v1', 'test.picky', ({ changes }) =>
    changes.some(({ kind }) => kind === 'resolved'),
  )
  async picks(event: AlertChanged): Promise<void> {
    this.picked.push(...event.changes.map((one) => one.alert_id));
    await Promise.resolve();
  }
  readonly together: string[][] = [];
  readonly poisoned = new Set<string>();
  private opened = Promise.resolve();
  open = (): void => undefined;
  hold(): void {
    this.opened = new Promise((open) => (this.open = open));
  }
  @OnDomainEvents('alert.changed.v1', 'test.together')
  async many(events: Happened<'alert.changed.v1'>[]): Promise<void> {
    await this.opened;
    const ids = events.flatMap(({ payload }) => payload.changes.map(({ alert_id }) => alert_id));
    if (ids.some((id) => this.poisoned.has(id))) throw new Error('one of them is bad');
    this.together.push(ids);
  }
  @OnLiveEvent('alert.changed.v1')
  fails(): void {
    throw new Error('a broken listener is its own problem');
  }
  @OnLiveEvent('alert.changed.v1')
  pushed(event: AlertChanged): void {
    this.messages.push(event.changes.length);
    this.live.push(...event.changes.map((change) => change.alert_id));
  }
}
@Module({ providers: [Listener] })
class ListenerModule {}

let engine: TestEngine;
let bus: EventBus;
let session: DatabaseSession;
let listener: Listener;
beforeAll(async () => {
  engine = await startTestEngine({ LOG_LEVEL: 'silent' }, [ListenerModule]);
  bus = engine.app.get(EventBus);
  session = engine.app.get(DatabaseSession);
  listener = engine.app.get(Listener, { strict: false });
});
afterAll(() => engine.stop());

const change = (alert_id: string) => ({ alert_id, kind: 'opened' as const });

describe('domain events', () => {
  it('reach durable and live listeners after the commit that they report', async () => {
    const id = newId();
    await session.transaction(async () => {
      await bus.emit('alert.changed.v1', { changes: [change(id)] });
      // Another connection, and time for a listener that would not wait for the commit.
      await engine.api('GET', '/failed-operations');
      expect(listener.durable).not.toContain(id);
      expect(listener.live).not.toContain(id);
    });
    await until(() => listener.durable.includes(id) && listener.live.includes(id), {
      description: 'both heard of it',
    });
  });

  it('are never heard of when the transaction is rolled back', async () => {
    const [lost, kept] = [newId(), newId()];
    const rolledBack = session.transaction(async () => {
      await bus.emit('alert.changed.v1', { changes: [change(lost)] });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await bus.emit('alert.changed.v1', { changes: [change(kept)] });
    await until(() => listener.durable.includes(kept) && listener.live.includes(kept), {
      description: 'the next one',
    });
    expect(listener.durable).not.toContain(lost);
    expect(listener.live).not.toContain(lost);
  });

  it('come again to a durable listener that failed', async () => {
    const id = newId();
    listener.failures = 1;
    await bus.emit('alert.changed.v1', { changes: [change(id)] });
    await until(() => listener.durable.includes(id), { description: 'the second delivery' });
    expect(listener.failures).toBe(0);
  });

  it('reach live listeners whole, however many changes one commit made', async () => {
    const ids = Array.from({ length: 1000 }, () => newId());
    listener.messages.length = 0;
    await bus.emit('alert.changed.v1', { changes: ids.map(change) });
    await until(() => ids.every((id) => listener.live.includes(id)), { description: 'all thousand arrive' });
    expect(listener.messages.length).toBeGreaterThan(1);
    await until(() => ids.every((id) => listener.durable.includes(id)), { description: 'and durably, too' });
  });

  it('come together to a listener that asks for it, in their order', async () => {
    const ids = Array.from({ length: 12 }, () => newId());
    listener.hold();
    for (const id of ids) await bus.emit('alert.changed.v1', { changes: [change(id)] });
    listener.open();
    await until(() => ids.every((id) => listener.together.flat().includes(id)), { description: 'all come' });
    expect(listener.together.flat().filter((id) => ids.includes(id))).toEqual(ids);
    expect(listener.together.filter((group) => group.some((id) => ids.includes(id))).length).toBeLessThan(5);
  });

  it('come alone when they failed together, so that one bad event holds up no other', async () => {
    const ids = Array.from({ length: 6 }, () => newId());
    const [, , bad = ''] = ids;
    listener.poisoned.add(bad);
    listener.hold();
    for (const id of ids) await bus.emit('alert.changed.v1', { changes: [change(id)] });
    listener.open();
    const others = ids.filter((id) => id !== bad);
    await until(() => others.every((id) => listener.together.flat().includes(id)), {
      description: 'the others',
    });
    expect(listener.together.flat()).not.toContain(bad);
    listener.poisoned.clear();
    await until(() => listener.together.flat().includes(bad), { description: 'and the bad one when healed' });
  });

  it('make no job for a listener that they do not concern', async () => {
    const [opened, resolved] = [newId(), newId()];
    await bus.emit('alert.changed.v1', { changes: [change(opened)] });
    await bus.emit('alert.changed.v1', { changes: [{ alert_id: resolved, kind: 'resolved' }] });
    await until(() => listener.picked.includes(resolved), { description: 'the one that it wants' });
    expect(listener.picked).toEqual([resolved]);
  });

  it('must be what the contract says', async () => {
    await expect(bus.emit('alert.changed.v1', { changes: [] })).rejects.toThrow();
  });
});

describe('the NOTIFY payload', () => {
  it('stays under the limit of PostgreSQL and loses nothing', () => {
    const kinds = ['acknowledged', 'suppressed'] as const;
    const changes = Array.from({ length: 333 }, (_unused, index) => ({
      alert_id: newId(),
      kind: kinds[index % 2] ?? 'opened',
    }));
    const messages = splitForNotify('alert.changed.v1', { changes });
    for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThan(8000);
    expect(messages.flatMap((message) => (parseNotify(message)?.payload as AlertChanged).changes)).toEqual(
      changes,
    );
  });

  it('is cut where there is one long text', () => {
    const error = 'ü'.repeat(9000);
    const messages = splitForNotify('notification.failed.v1', {
      notification_id: newId(),
      channel_id: newId(),
      event: 'e',
      severity: null,
      error,
    });
    expect(messages).toHaveLength(1);
    expect(Buffer.byteLength(messages[0] ?? '')).toBeLessThan(8000);
    expect(parseNotify(messages[0] ?? '')?.payload).toMatchObject({ event: 'e' });
  });

  it('is ignored when it is not ours', () => {
    for (const text of [
      '',
      'null',
      '{',
      '{"name":"unknown.v1","payload":{}}',
      '{"name":"constructor","payload":{}}',
    ]) {
      expect(parseNotify(text)).toBeNull();
    }
  });
});
