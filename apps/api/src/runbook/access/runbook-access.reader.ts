import { Injectable } from '@nestjs/common';
import { ApiKeyReader, UserReader } from '../../auth/index.js';
import { AuditLog, UserError, type Actor, type AuditRecord } from '../../platform/index.js';
import { RunbookRepository, type StoredRunbook } from '../definition/runbook.repository.js';
import type { ActorRef } from '../execution/machine/state.js';
import {
  defaultAccess,
  isApprover,
  mayRun,
  mustAsk,
  whyNotApprove,
  type Permit,
  type RunbookAccess,
} from './access-rules.js';
import { mayNotApprove, mayNotGoOn, mayNotRun, whoMay } from './access-words.js';
import { RunbookAccessRepository, type SetAccess } from './runbook-access.repository.js';

/** The run that somebody wants to approve or go on with. */
interface AskedRun {
  id: string;
  runbookId: string;
  requestedBy: ActorRef;
}

/** Whether somebody may run or approve a runbook, as it is set at this moment. */
@Injectable()
export class RunbookAccessReader {
  constructor(
    private readonly repository: RunbookAccessRepository,
    private readonly runbooks: RunbookRepository,
    private readonly users: UserReader,
    private readonly keys: ApiKeyReader,
    private readonly audit: AuditLog,
  ) {}

  /** @returns whether the run must wait for somebody else's approval. @throws UserError `not_found`, `forbidden` */
  async requireRun(runbookId: string, actor: Actor): Promise<{ mustAsk: boolean }> {
    const record = await this.runbooks.find(runbookId);
    if (record === null || record.deletedAt !== null) throw UserError.notFound('runbook', runbookId);
    const access = await this.accessOf(record);
    if (!mayRun(access, actor)) {
      const refusal = mayNotRun(record.name, await this.who(access.run));
      throw await this.noted('execution.requested', null, record.name, refusal);
    }
    return { mustAsk: mustAsk(access, actor) };
  }

  /** @throws UserError `forbidden`, and says who may */
  async requireApproval({ id, runbookId, requestedBy }: AskedRun, actor: Actor): Promise<void> {
    const { record, access } = await this.of(runbookId);
    const { kind, id: requesterId } = requestedBy;
    const makerId = kind === 'api_key' && requesterId !== null ? await this.keys.makerOf(requesterId) : null;
    const why = whyNotApprove(access, actor, { kind, id: requesterId, makerId });
    if (why === null) return;
    const refusal = mayNotApprove(why, record.name, await this.who(access.approve));
    throw await this.noted('execution.approved', id, record.name, refusal);
  }

  /** Going on after an interruption may run a step twice, so it is for approvers. @throws UserError `forbidden` */
  async requireGoingOn({ id, runbookId }: AskedRun, actor: Actor): Promise<void> {
    const { record, access } = await this.of(runbookId);
    if (isApprover(access, actor)) return;
    const refusal = mayNotGoOn(record.name, await this.who(access.approve));
    throw await this.noted('execution.resumed', id, record.name, refusal);
  }

  /** A refusal is written down although nothing changes: who tried what (ASVS 5.0, 16.3.2). */
  private async noted(
    action: Extract<AuditRecord['action'], `execution.${string}`>,
    executionId: string | null,
    runbook: string,
    refusal: UserError,
  ): Promise<UserError> {
    const subject = { kind: 'execution', id: executionId, name: runbook } as const;
    await this.audit.recordApart({ action, subject, outcome: 'refused', reason: refusal.message });
    return refusal;
  }

  /** Who has a permit, in words. */
  async who(permit: Permit): Promise<string> {
    const people = await this.users.byIds(permit.userIds);
    return whoMay(permit, new Map(people.map((person) => [person.id, person.displayName])));
  }

  /** What is set, or what holds while nothing is. Hidden runbooks have theirs too: a run may still wait. */
  async of(
    runbookId: string,
  ): Promise<{ record: StoredRunbook; access: RunbookAccess; set: SetAccess | null }> {
    const record = await this.runbooks.find(runbookId);
    if (record === null) throw UserError.notFound('runbook', runbookId);
    const set = await this.repository.find(runbookId);
    return { record, access: set ?? defaultAccess(record.approval), set };
  }

  private async accessOf(record: StoredRunbook): Promise<RunbookAccess> {
    return (await this.repository.find(record.id)) ?? defaultAccess(record.approval);
  }
}
