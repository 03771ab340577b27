import { Injectable, Logger } from '@nestjs/common';
import { runbookSecretNames, type Runbook } from '@aiops/runbook-format';
import { AlertReader, isOpen } from '../../../alert/index.js';
import { SecretReader } from '../../../executor/index.js';
import { AppConfig, Clock, JobQueue } from '../../../platform/index.js';
import { advanceJob } from '../execution.jobs.js';
import type { Execution } from '../execution.types.js';
import type { WorkerEvent } from '../machine/events.js';
import { SafetyService } from '../safety/safety.service.js';
import type { Lease } from './lease.js';
import { LeaseRepository } from './lease.repository.js';
import { StepPreparation } from './step-preparation.js';
import { StepRunner } from './step-runner.js';
import { TransitionStore } from './transition.store.js';

/** All that a run asks of the rest of the engine. */
@Injectable()
export class RunSupport {
  readonly logger = new Logger('execution');

  constructor(
    readonly transitions: TransitionStore,
    readonly preparation: StepPreparation,
    readonly steps: StepRunner,
    private readonly safety: SafetyService,
    private readonly leases: LeaseRepository,
    private readonly alerts: AlertReader,
    private readonly secrets: SecretReader,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
    private readonly config: AppConfig,
  ) {}

  get leaseMs(): number {
    return this.config.settings.EXECUTION_LEASE_MS;
  }

  now(): Date {
    return this.clock.now();
  }

  admit(execution: Execution, runbook: Runbook): Promise<WorkerEvent> {
    return this.safety.admit(execution, runbook.safety, this.now());
  }

  async alertState(alertId: string): Promise<'resolved' | 'firing' | 'gone'> {
    const alert = await this.alerts.find(alertId);
    if (alert === null) return 'gone';
    return isOpen(alert) ? 'firing' : 'resolved';
  }

  /** Every secret that the runbook names, so that each is masked wherever it turns up. @throws UserError naming a missing one */
  async secretValues(runbook: Runbook): Promise<Record<string, string>> {
    const names = runbookSecretNames(runbook);
    return names.length === 0 ? {} : this.secrets.values(names);
  }

  /** Gives the lease back; what is still due is offered to every worker. @returns false when somebody changed the execution */
  async release(lease: Lease, execution: Execution): Promise<boolean> {
    const released = await this.leases.release(lease, execution.version);
    const due = execution.wakeAt !== null && execution.wakeAt <= this.now();
    if (released && due) await this.jobs.send(advanceJob, { execution_id: execution.id });
    return released;
  }
}
