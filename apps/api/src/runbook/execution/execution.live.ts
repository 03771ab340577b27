import { Injectable } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { LiveGateway } from '../../live/index.js';
import { OnLiveEvent } from '../../platform/index.js';
import { toChunkDto, toExecutionDto } from './execution.mapper.js';
import { ExecutionRepository } from './execution.repository.js';
import { isFinal } from './machine/transitions.js';
import { OutputRepository } from './output/output.repository.js';

/** Several changes of one execution within this time are one push. */
const PUSH_MS = 50;
const CHUNKS_PER_PUSH = 200;
/** After its end the last output may still be on its way. */
const FORGET_MS = 60_000;

/** An execution whose output somebody watches in this process. */
interface Followed {
  /** Last offset that was pushed. */
  pushed: number;
  /** Last offset that is known to be stored. */
  stored: number;
  pushing: boolean;
}

/** Pushes executions and their output to the screens. */
@Injectable()
export class ExecutionLive {
  private readonly due = new Map<string, NodeJS.Timeout>();
  private readonly followed = new Map<string, Followed>();

  constructor(
    private readonly gateway: LiveGateway,
    private readonly executions: ExecutionRepository,
    private readonly output: OutputRepository,
  ) {}

  @OnLiveEvent('execution.changed.v1')
  onChanged({ execution_id: id, status }: DomainEventPayload<'execution.changed.v1'>): void {
    if (isFinal(status)) setTimeout(() => this.followed.delete(id), FORGET_MS).unref();
    if (!this.gateway.hasClients || this.due.has(id)) return;
    this.due.set(id, setTimeout(() => void this.pushExecution(id), PUSH_MS).unref());
  }

  @OnLiveEvent('execution.approval_requested.v1')
  async onApprovalRequested({
    execution_id: id,
  }: DomainEventPayload<'execution.approval_requested.v1'>): Promise<void> {
    if (!this.gateway.hasClients) return;
    const execution = await this.executions.find(id);
    if (execution !== null) this.gateway.push('execution.approval_requested', toExecutionDto(execution));
  }

  @OnLiveEvent('execution.output.v1')
  async onOutput(event: DomainEventPayload<'execution.output.v1'>): Promise<void> {
    const { execution_id: id } = event;
    if (!this.gateway.hasFollowers(id)) {
      this.followed.delete(id);
      return;
    }
    const known = this.followed.get(id);
    const followed = known ?? { pushed: event.first_offset - 1, stored: 0, pushing: false };
    followed.stored = Math.max(followed.stored, event.last_offset);
    this.followed.set(id, followed);
    if (followed.pushing) return;
    followed.pushing = true;
    try {
      await this.pushOutput(id, followed);
    } finally {
      followed.pushing = false;
    }
  }

  private async pushExecution(id: string): Promise<void> {
    this.due.delete(id);
    const execution = await this.executions.find(id).catch(() => null);
    if (execution !== null) this.gateway.push('execution.updated', toExecutionDto(execution));
  }

  /** Everything that is stored and was not pushed yet, also what comes meanwhile. */
  private async pushOutput(id: string, followed: Followed): Promise<void> {
    while (followed.pushed < followed.stored) {
      const { chunks } = await this.output.read(id, followed.pushed, CHUNKS_PER_PUSH);
      const last = chunks.at(-1);
      if (last === undefined) return;
      followed.pushed = last.sequence;
      this.gateway.pushToExecution(id, 'execution.output', {
        execution_id: id,
        chunks: chunks.map(toChunkDto),
      });
    }
  }
}
