import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { HandlesJob, OnDomainEvent, OnLiveEvent } from './job.decorators.js';
import { defineJob } from './job.definition.js';
import { HandlerRegistry } from './handler.registry.js';

const job = defineJob('test.registry', z.object({}));

class Handler {
  @HandlesJob(job)
  async work(): Promise<void> {}
}
class SecondHandler {
  @HandlesJob(job)
  async alsoWork(): Promise<void> {}
}
class Listeners {
  @OnDomainEvent('alert.changed.v1', 'test.one')
  async one(): Promise<void> {}
  @OnDomainEvent('alert.changed.v1', 'test.two')
  async two(): Promise<void> {}
  @OnLiveEvent('alert.changed.v1')
  live(): void {}
}
class Namesake {
  @OnDomainEvent('alert.changed.v1', 'test.one')
  async one(): Promise<void> {}
}

async function scanned(providers: (new () => object)[]): Promise<HandlerRegistry> {
  @Module({ imports: [DiscoveryModule], providers: [...providers, HandlerRegistry] })
  class Root {}
  const app = await Test.createTestingModule({ imports: [Root] }).compile();
  const registry = app.get(HandlerRegistry);
  registry.scan();
  return registry;
}

describe('HandlerRegistry', () => {
  it('finds the handler of every job and the listeners of every event', async () => {
    const registry = await scanned([Handler, Listeners]);
    expect([...registry.jobs.keys()]).toEqual(['test.registry']);
    expect(registry.listeners.map((listener) => listener.queue)).toEqual([
      'event.alert.changed.v1.test.one',
      'event.alert.changed.v1.test.two',
    ]);
    expect(registry.live.map((listener) => listener.event)).toEqual(['alert.changed.v1']);
  });

  it('refuses to start without a handler, and says what to add', async () => {
    await expect(scanned([Listeners])).rejects.toThrow(
      'The job "test.registry" has no handler. Put @HandlesJob',
    );
  });

  it('refuses to start with two handlers of one job', async () => {
    await expect(scanned([Handler, SecondHandler])).rejects.toThrow(
      'The job "test.registry" has two handlers',
    );
  });

  it('refuses to start with two listeners of one name', async () => {
    await expect(scanned([Handler, Listeners, Namesake])).rejects.toThrow(
      'Two listeners of "alert.changed.v1" are called "test.one"',
    );
  });

  it('does not let a job be defined twice', () => {
    expect(() => defineJob('test.registry', z.object({}))).toThrow('is defined twice');
  });
});
