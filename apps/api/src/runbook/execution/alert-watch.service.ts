import { Injectable } from '@nestjs/common';
import type { AlertChange, DomainEventPayload } from '@aiops/contracts';
import { OnDomainEvent } from '../../platform/index.js';
import { ExecutionRepository } from './execution.repository.js';
import { ExecutionWorker } from './runner/execution-worker.js';
import { TransitionStore } from './runner/transition.store.js';

const ends = ({ kind }: AlertChange): boolean => kind === 'resolved' || kind === 'deleted';

/** Wakes executions that wait for their alert to resolve. */
@Injectable()
export class AlertWatch {
  constructor(
    private readonly repository: ExecutionRepository,
    private readonly transitions: TransitionStore,
    private readonly worker: ExecutionWorker,
  ) {}

  @OnDomainEvent('alert.changed.v1', 'runbook.verify', ({ changes }) => changes.some(ends))
  async onAlertChanged(event: DomainEventPayload<'alert.changed.v1'>): Promise<void> {
    const ended = event.changes.filter(ends);
    if (ended.length === 0) return;
    for (const id of await this.repository.openForAlerts(ended.map((change) => change.alert_id))) {
      await this.transitions.fromOutside(id, { type: 'alert_changed' });
      this.worker.poke(id);
    }
  }
}
