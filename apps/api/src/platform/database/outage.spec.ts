import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { until } from '@aiops/testing';
import { Injectable, Module } from '@nestjs/common';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainEventPayload } from '@aiops/contracts';
import { migratedDatabase, startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { newId } from '../clock.js';
import { EventBus } from '../events/event-bus.service.js';
import { HandlesJob, OnLiveEvent } from '../jobs/job.decorators.js';
import { defineJob } from '../jobs/job.definition.js';
import { JobQueue } from '../jobs/job-queue.service.js';

const probe = defineJob('test.outage', z.object({ id: z.string() }));

@Injectable()
class Probe {
  readonly jobs: string[] = [];
  readonly live: string[] = [];
  @HandlesJob(probe)
  async work(job: { id: string }): Promise<void> {
    this.jobs.push(job.id);
    await Promise.resolve();
  }
  @OnLiveEvent('analysis.changed.v1')
  changed(event: DomainEventPayload<'analysis.changed.v1'>): void {
    this.live.push(event.analysis_id);
  }
}
@Module({ providers: [Probe] })
class ProbeModule {}

/** A way to the database that can be cut, as a restart or a failover of the server cuts it. */
class Cable {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  constructor(target: URL) {
    this.server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }
  /** @returns the port on which the database is reached. */
  async plug(port = 0): Promise<number> {
    await new Promise<void>((listening) => this.server.listen(port, '127.0.0.1', listening));
    return (this.server.address() as AddressInfo).port;
  }
  async cut(): Promise<void> {
    const closed = new Promise<void>((done) => this.server.close(() => done()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

let database: { url: string; drop(): Promise<void> };
let cable: Cable;
let port: number;
let engine: TestEngine;
beforeAll(async () => {
  database = await migratedDatabase();
  const url = new URL(database.url);
  cable = new Cable(new URL(database.url));
  port = await cable.plug();
  url.port = String(port);
  url.hostname = '127.0.0.1';
  engine = await startTestEngine({ DATABASE_URL: url.href, LOG_LEVEL: 'silent' }, [ProbeModule]);
});
afterAll(async () => {
  await engine.stop();
  await cable.cut();
  await database.drop();
});

describe('when the database was away', () => {
  it('requests are answered with 503 meanwhile, and as ever afterwards', async () => {
    expect((await engine.api('GET', '/users')).status).toBe(200);
    await cable.cut();
    const down = await until(
      async () => {
        const answer = await engine.api('GET', '/users');
        return answer.status === 200 ? false : answer;
      },
      { description: 'the outage shows' },
    );
    expect(down.status).toBe(503);
    expect(down.headers.get('retry-after')).not.toBeNull();
    expect((await fetch(`${engine.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${engine.url}/health/live`)).status).toBe(200);
    await cable.plug(port);
    await until(async () => (await engine.api('GET', '/users')).status === 200, {
      description: 'requests work again',
    });
    await until(async () => (await fetch(`${engine.url}/health/ready`)).status === 200, {
      description: 'ready again',
    });
  });

  it('jobs and live updates go on by themselves', async () => {
    const { jobs, live } = engine.app.get(Probe, { strict: false });
    await cable.cut();
    await cable.plug(port);
    const id = newId();
    await until(
      () =>
        engine.app
          .get(JobQueue)
          .send(probe, { id })
          .then(() => true),
      { description: 'a job is taken' },
    );
    await until(() => jobs.includes(id), { description: 'the job runs' });
    await until(
      async () => {
        const analysis_id = newId();
        await engine.app
          .get(EventBus)
          .emit('analysis.changed.v1', { analysis_id, alert_id: newId(), status: 'running' });
        return until(() => live.includes(analysis_id), { description: 'it is heard', timeoutMs: 300 });
      },
      { description: 'live updates are back' },
    );
  });
});
