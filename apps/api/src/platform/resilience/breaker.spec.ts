import { until } from '@aiops/testing';
import { Module } from '@nestjs/common';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BreakerDto, DomainEventPayload, PageDto, ServerToClientEvents } from '@aiops/contracts';
import { newId } from '../clock.js';
import { OnLiveEvent } from '../jobs/job.decorators.js';
import { OutboundRefusedError } from '../outbound/outbound.error.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { BreakerOpenError, Breakers } from './breaker.js';
import { BreakerRepository } from './breaker.repository.js';

class Listener {
  readonly seen: DomainEventPayload<'breaker.changed.v1'>[] = [];
  @OnLiveEvent('breaker.changed.v1')
  changed(event: DomainEventPayload<'breaker.changed.v1'>): void {
    this.seen.push(event);
  }
}
@Module({ providers: [Listener] })
class ListenerModule {}

let engine: TestEngine;
let breakers: Breakers;
beforeAll(async () => {
  engine = await startTestEngine({}, [ListenerModule]);
  breakers = engine.app.get(Breakers);
});
afterAll(() => engine.stop());

const broken = (): Promise<never> => Promise.reject(new Error('refused'));
const well = (): Promise<string> => Promise.resolve('well');

async function trip(name: string, resetMs: number): Promise<void> {
  for (let call = 0; call < 3; call += 1) {
    await expect(breakers.run(name, broken, { resetMs })).rejects.toThrow('refused');
  }
}
const listed = async (query = ''): Promise<BreakerDto[]> =>
  (await engine.api<PageDto<BreakerDto>>('GET', `/breakers${query}`)).body.data;

describe('Breakers', () => {
  it('hand on results and errors as they are while closed', async () => {
    await expect(breakers.run('a', well)).resolves.toBe('well');
    await expect(breakers.run('a', broken)).rejects.toThrow('refused');
    expect(breakers.state('a')).toBe('closed');
    expect(breakers.state('never-used')).toBe('closed');
  });

  it('open after repeated failures and then make no call', async () => {
    await trip('b', 60_000);
    expect(breakers.state('b')).toBe('open');
    let calls = 0;
    const counted = () => {
      calls += 1;
      return well();
    };
    await expect(breakers.run('b', counted)).rejects.toBeInstanceOf(BreakerOpenError);
    expect(calls).toBe(0);
    await expect(breakers.run('another', well)).resolves.toBe('well');
  });

  it('half-open by themselves, and close when the trial call succeeds', async () => {
    await trip('c', 50);
    await until(() => breakers.state('c') === 'half_open', {
      description: 'half-open without anybody’s doing',
    });
    await expect(breakers.run('c', well)).resolves.toBe('well');
    expect(breakers.state('c')).toBe('closed');
  });

  it('open again when the trial call fails, and still come back', async () => {
    await trip('d', 50);
    await until(() => breakers.state('d') === 'half_open', { description: 'half-open' });
    await expect(breakers.run('d', broken)).rejects.toThrow('refused');
    expect(breakers.state('d')).not.toBe('closed');
    await until(() => breakers.state('d') === 'half_open', { description: 'half-open once more' });
    await expect(breakers.run('d', well)).resolves.toBe('well');
    expect(breakers.state('d')).toBe('closed');
  });

  it('open when more than half of the calls within a minute failed, once there were enough of them', async () => {
    await expect(breakers.run('rate', broken)).rejects.toThrow('refused');
    await expect(breakers.run('rate', broken)).rejects.toThrow('refused');
    expect(breakers.state('rate')).toBe('closed');
    await breakers.run('rate', well);
    await breakers.run('rate', well);
    await expect(breakers.run('rate', broken)).rejects.toThrow('refused');
    expect(breakers.state('rate')).toBe('open');

    for (const call of [well, well, well, broken, broken, broken]) {
      await breakers.run('half', call).catch(() => undefined);
    }
    expect(breakers.state('half')).toBe('closed');
  });

  it('do not count errors that prove the thing is there', async () => {
    const counts = (error: unknown) => !(error instanceof TypeError);
    for (let call = 0; call < 5; call += 1) {
      const refused = breakers.run('there', () => Promise.reject(new TypeError('bad key')), { counts });
      await expect(refused).rejects.toThrow('bad key');
    }
    expect(breakers.state('there')).toBe('closed');
  });

  it('do not count calls that the settings forbid', async () => {
    const forbidden = () => Promise.reject(new OutboundRefusedError('not there'));
    for (let call = 0; call < 5; call += 1) {
      await expect(breakers.run('forbidden', forbidden, { counts: () => true })).rejects.toThrow('not there');
    }
  });

  it('let calls that can wait do so, and lose none of them', async () => {
    await trip('w', 50);
    const waitUntil = new AbortController().signal;
    const calls = Array.from({ length: 5 }, () => breakers.run('w', well, { waitUntil }));
    await expect(Promise.all(calls)).resolves.toEqual(Array(5).fill('well'));
  });

  it('let go those that have waited long enough, without a call', async () => {
    await trip('x', 60_000);
    const patience = new AbortController();
    const waiting = breakers.run('x', well, { waitUntil: patience.signal });
    patience.abort();
    await expect(waiting).rejects.toBeInstanceOf(BreakerOpenError);
    await expect(breakers.run('x', well, { waitUntil: patience.signal })).rejects.toBeInstanceOf(
      BreakerOpenError,
    );
  });

  it('let those that wait go on after a reset', async () => {
    await trip('y', 60_000);
    const waiting = breakers.run('y', well, { waitUntil: new AbortController().signal });
    breakers.reset('y');
    await expect(waiting).resolves.toBe('well');
  });

  it('start afresh after a reset', async () => {
    await trip('e', 60_000);
    breakers.reset('e');
    expect(breakers.state('e')).toBe('closed');
    await expect(breakers.run('e', well)).resolves.toBe('well');
  });

  it('announce every change', async () => {
    const listener = engine.app.get(Listener, { strict: false });
    await trip('f', 50);
    await until(() => breakers.state('f') === 'half_open', { description: 'half-open' });
    await breakers.run('f', well);
    const states = () => listener.seen.filter((event) => event.name === 'f').map((event) => event.state);
    await until(() => states().length >= 3, { description: 'three announcements' });
    expect(states()).toEqual(['open', 'half_open', 'closed']);
  });

  it('announce that they were reset', async () => {
    const listener = engine.app.get(Listener, { strict: false });
    await trip('g', 60_000);
    breakers.reset('g');
    const states = () => listener.seen.filter((event) => event.name === 'g').map((event) => event.state);
    await until(() => states().length >= 2, { description: 'two announcements' });
    expect(states()).toEqual(['open', 'closed']);
  });

  it('are listed with why and until when, whatever process they belong to (R4.2)', async () => {
    await breakers.run('list:well', well);
    const secret = () => Promise.reject(new Error('refused: Bearer 0123456789abcdef'));
    for (let call = 0; call < 3; call += 1) {
      await breakers.run('list:bad', secret, { resetMs: 60_000 }).catch(() => undefined);
    }
    const elsewhere = {
      instanceId: newId(),
      name: 'list:elsewhere',
      state: 'half_open' as const,
      reason: 'timed out',
      changedAt: new Date(),
      retryAt: null,
    };
    await engine.app.get(BreakerRepository).save(elsewhere);
    expect(await listed('?kind=list')).toMatchObject([
      {
        name: 'list:bad',
        state: 'open',
        reason: 'refused: Bearer ***',
        retry_at: expect.any(String) as string,
      },
      { name: 'list:elsewhere', state: 'half_open', reason: 'timed out', retry_at: null },
      { name: 'list:well', state: 'closed', reason: null, retry_at: null },
    ]);
    expect((await listed('?state=half_open')).map(({ name }) => name)).toContain('list:elsewhere');
    expect((await engine.api('GET', '/breakers?state=ajar')).status).toBe(400);
  });

  it('are pushed to screens as REST shows them', async () => {
    const screen: Socket<ServerToClientEvents> = io(engine.url, {
      auth: { token: engine.adminToken },
      transports: ['websocket'],
      reconnection: false,
    });
    try {
      await new Promise<void>((resolve, reject) => {
        screen.once('connect', resolve);
        screen.once('connect_error', reject);
      });
      const pushed: BreakerDto[] = [];
      screen.on('platform.breaker', (breaker) => pushed.push(breaker));
      await trip('pushed:one', 60_000);
      await until(() => pushed.some(({ name }) => name === 'pushed:one'), { description: 'the push' });
      expect(pushed.find(({ name }) => name === 'pushed:one')).toEqual((await listed('?kind=pushed'))[0]);
    } finally {
      screen.disconnect();
    }
  });

  it('are remembered for a bounded number of names', async () => {
    for (let index = 0; index < 1005; index += 1) await breakers.run(`many:${index}`, well);
    expect(breakers.states().length).toBeLessThanOrEqual(1000);
    expect(breakers.state('x')).toBe('open');
  });
});
