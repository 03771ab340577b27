import { until } from '@aiops/testing';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainEventPayload } from '@aiops/contracts';
import { OnLiveEvent } from '../jobs/job.decorators.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { BreakerOpenError, Breakers } from './breaker.js';

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
    await expect(breakers.run(name, broken, { failures: 3, resetMs })).rejects.toThrow('refused');
  }
}

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
    expect(states().sort()).toEqual(['closed', 'half_open', 'open']);
  });
});
