import { Injectable } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { LiveGateway } from '../../live/index.js';
import { OnLiveEvent } from '../../platform/index.js';
import { toChunkDto, toExecutionDto } from './execution.mapper.js';
import { ExecutionRepository } from './execution.repository.js';
import { OutputRepository } from './output/output.repository.js';

/** Several changes of one execution within this time are one push. */
const PUSH_MS = 50;
const CHUNKS_PER_PUSH = 200;

/** Pushes executions and their output to the screens. */
@Injectable()
export class ExecutionLive {
  private readonly due = new Map<string, NodeJS.Timeout>();
  /** Last offset that was pushed, per execution that is being followed. */
  private readonly offsets = new Map<string, number>();
  private readonly pushing = new Set<string>();

  constructor(
    private readonly gateway: LiveGateway,
    private readonly executions: ExecutionRepository,
    private readonly output: OutputRepository,
  ) {}

  @OnLiveEvent('execution.changed.v1')
  onChanged({ execution_id: id }: DomainEventPayload<'execution.changed.v1'>): void {
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
  async onOutput({
    execution_id: id,
    last_offset: last,
  }: DomainEventPayload<'execution.output.v1'>): Promise<void> {
    if (!this.gateway.hasFollowers(id)) {
      this.offsets.delete(id);
      return;
    }
    if (this.pushing.has(id)) return;
    this.pushing.add(id);
    try {
      await this.pushOutput(id, this.offsets.get(id) ?? last - 1);
    } finally {
      this.pushing.delete(id);
    }
  }

  private async pushExecution(id: string): Promise<void> {
    this.due.delete(id);
    const execution = await this.executions.find(id).catch(() => null);
    if (execution !== null) this.gateway.push('execution.updated', toExecutionDto(execution));
  }

  /** Everything after what was pushed last; more than one answer when much has come. */
  private async pushOutput(id: string, after: number): Promise<void> {
    for (let offset = after; ;) {
      const { chunks, hasMore } = await this.output.read(id, offset, CHUNKS_PER_PUSH);
      const last = chunks.at(-1);
      if (last === undefined) return;
      offset = last.sequence;
      this.offsets.set(id, offset);
      this.gateway.pushToExecution(id, 'execution.output', {
        execution_id: id,
        chunks: chunks.map(toChunkDto),
      });
      if (!hasMore) return;
    }
  }
}
