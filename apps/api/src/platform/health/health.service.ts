import { Injectable } from '@nestjs/common';
import type { HealthDto } from '@aiops/contracts';
import { DatabaseSession } from '../database/database-session.js';
import { messageOf } from '../errors/errors.js';
import { JobQueue } from '../jobs/job-queue.service.js';
import { version } from '../version.js';

const CHECK_TIMEOUT_MS = 3_000;

/** What this instance cannot work without: the database and its job queue. */
@Injectable()
export class HealthService {
  constructor(
    private readonly session: DatabaseSession,
    private readonly jobs: JobQueue,
  ) {}

  async check(): Promise<HealthDto> {
    const [database, queue] = await Promise.all([
      timed(() => this.session.manager.query('SELECT 1')),
      timed(() => this.jobs.ping()),
    ]);
    const checks = { database, queue };
    const down = Object.values(checks).some((check) => check.status === 'down');
    return { status: down ? 'down' : 'ok', version, uptime_seconds: Math.round(process.uptime()), checks };
  }
}

async function timed(check: () => Promise<unknown>): Promise<HealthDto['checks'][string]> {
  const started = performance.now();
  const latency = () => Math.round((performance.now() - started) * 10) / 10;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer in ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), late]);
    return { status: 'up', latency_ms: latency() };
  } catch (error) {
    return { status: 'down', latency_ms: latency(), detail: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}
