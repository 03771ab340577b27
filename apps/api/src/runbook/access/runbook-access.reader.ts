import { Injectable } from '@nestjs/common';
import { UserReader } from '../../auth/index.js';
import { UserError, type Actor } from '../../platform/index.js';
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
  ) {}

  /** @returns whether the run must wait for somebody else's approval. @throws UserError `not_found`, `forbidden` */
  async requireRun(runbookId: string, actor: Actor): Promise<{ mustAsk: boolean }> {
    const record = await this.runbooks.find(runbookId);
    if (record === null || record.deletedAt !== null) throw UserError.notFound('runbook', runbookId);
    const access = await this.accessOf(record);
    if (!mayRun(access, actor)) throw mayNotRun(record.name, await this.who(access.run));
    return { mustAsk: mustAsk(access, actor) };
  }

  /** @throws UserError `forbidden`, and says who may */
  async requireApproval({ runbookId, requestedBy }: AskedRun, actor: Actor): Promise<void> {
    const { record, access } = await this.of(runbookId);
    const refusal = whyNotApprove(access, actor, requestedBy);
    if (refusal !== null) throw mayNotApprove(refusal, record.name, await this.who(access.approve));
  }

  /** Going on after an interruption may run a step twice, so it is for approvers. @throws UserError `forbidden` */
  async requireGoingOn({ runbookId }: AskedRun, actor: Actor): Promise<void> {
    const { record, access } = await this.of(runbookId);
    if (!isApprover(access, actor)) throw mayNotGoOn(record.name, await this.who(access.approve));
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
