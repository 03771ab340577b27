import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { DatabaseSession } from '../database/database-session.js';
import { JobQueue } from '../jobs/job-queue.service.js';
import { BreakerReader } from '../resilience/breaker.reader.js';
import { judgeSpace, spaceAt } from './disk.check.js';
import { HealthChecks, type Finding } from './health-checks.js';

/** What every instance stands on: it cannot work without the database and its job queue. */
@Injectable()
export class PlatformChecks {
  constructor(
    checks: HealthChecks,
    private readonly session: DatabaseSession,
    private readonly jobs: JobQueue,
    private readonly breakers: BreakerReader,
    { settings }: AppConfig,
  ) {
    checks.add({
      name: 'database',
      needed: true,
      check: async () => {
        await this.session.manager.query('SELECT 1');
        return { condition: 'up' };
      },
    });
    checks.add({
      name: 'queue',
      needed: true,
      check: async () => {
        await this.jobs.ping();
        return { condition: 'up' };
      },
    });
    checks.add({
      name: 'disk',
      needed: false,
      check: async () => judgeSpace(await spaceAt(settings.AIOPS_DATA_DIR)),
    });
    const backend = settings.SECRETS_BACKEND;
    if (backend !== 'env') checks.add({ name: 'secrets', needed: false, check: () => this.secrets(backend) });
  }

  /** By what the last uses of all processes told; nothing is fetched for it. */
  private async secrets(backend: string): Promise<Finding> {
    const breaker = await this.breakers.find(`secrets:${backend}`);
    if (breaker === null || breaker.state === 'closed') return { condition: 'up' };
    return {
      condition: 'down',
      detail: 'The backend failed repeatedly; it is asked again after a short while.',
    };
  }
}
