import { Injectable } from '@nestjs/common';
import type { ApproveRequest, BulkResult, ResumeRequest } from '@aiops/contracts';
import { isOpen } from '../../alert/index.js';
import {
  DatabaseSession,
  inBulk,
  newId,
  oneByOne,
  systemActor,
  UserError,
  type Actor,
} from '../../platform/index.js';
import { RunbookAccessReader } from '../access/runbook-access.reader.js';
import type { Draft } from './draft.service.js';
import { ExecutionReader } from './execution.reader.js';
import { ExecutionService } from './execution.service.js';
import type { ActorRef, Execution } from './execution.types.js';
import { isFinal } from './machine/transitions.js';
import { ExecutionWorker } from './runner/execution-worker.js';
import { TransitionStore, type Transition } from './runner/transition.store.js';

const ref = ({ kind, id, name }: Actor): ActorRef => ({ kind, id, name });
/** Who declines when what would run is not what was shown any more. */
const engine = ref(systemActor);

/** Small: a run that writes waits for the whole chunk that it is in. */
const CANCEL_CHUNK = 25;

/** What an approval finds: all as it was shown, or not. */
type Recheck = { same: true } | { same: false; reason: string; anew: Anew | null };

/** The request as it would be made now. */
interface Anew {
  draft: Draft;
  execution: Execution;
}

/** What people do with an execution. */
@Injectable()
export class ExecutionControl {
  constructor(
    private readonly reader: ExecutionReader,
    private readonly access: RunbookAccessReader,
    private readonly executions: ExecutionService,
    private readonly transitions: TransitionStore,
    private readonly worker: ExecutionWorker,
    private readonly session: DatabaseSession,
  ) {}

  /**
   * Approves the plan, or the step that waits. Refused, and where it makes sense asked anew, when what would run is not
   * what was shown any more.
   * @throws UserError `forbidden` for who may not approve this runbook, `conflict`
   */
  async approve(id: string, request: ApproveRequest, actor: Actor): Promise<Execution> {
    const execution = await this.awaiting(id);
    await this.access.requireApproval(execution, actor);
    const { plan_hash: planHash, note } = request;
    if (planHash !== undefined && planHash !== execution.plan.hash) {
      throw new UserError(
        'conflict',
        'This is not the plan that you saw. Look at it again before you approve it.',
      );
    }
    const recheck = await this.recheck(execution);
    if (!recheck.same) return this.refuse(execution, recheck.reason, recheck.anew);
    const approved = effective(
      await this.transitions.fromOutside(id, async (present) => {
        // Once more, in the transaction that stores the approval: it may have been taken from them meanwhile.
        await this.access.requireApproval(present, actor);
        return { type: 'approved', by: ref(actor), note };
      }),
    );
    if (isFinal(approved.status))
      throw new UserError('conflict', approved.reason ?? 'It is too late for an approval.');
    this.worker.poke(id);
    return approved;
  }

  async reject(id: string, reason: string | undefined, actor: Actor): Promise<Execution> {
    await this.awaiting(id);
    const text =
      reason === undefined || reason === ''
        ? `Rejected by ${actor.name}.`
        : `Rejected by ${actor.name}: ${reason}`;
    const execution = effective(
      await this.transitions.fromOutside(id, {
        type: 'rejected',
        by: ref(actor),
        reason: text,
        note: reason,
      }),
    );
    this.worker.poke(id);
    return execution;
  }

  /** Asks for a stop. The execution has stopped when its status says so. @throws UserError `conflict` when it has ended */
  async cancel(id: string, reason: string | undefined, actor: Actor): Promise<Execution> {
    const execution = await this.askForStop(id, reason, actor);
    this.worker.poke(id);
    return execution;
  }

  /** Asks for a stop of many, and says for each that cannot be stopped why not. */
  async cancelMany(ids: string[], reason: string | undefined, actor: Actor): Promise<BulkResult> {
    const stop = async (id: string): Promise<void> => {
      await this.askForStop(id, reason, actor);
    };
    const options = { what: 'execution', chunkSize: CANCEL_CHUNK };
    const result = await inBulk(this.session, ids, options, oneByOne(this.session, stop));
    for (const id of result.success) this.worker.poke(id);
    return result;
  }

  /**
   * After an interruption: run the step again, go on without it, or end here.
   * @throws UserError `forbidden` for who may end it, and not go on with it
   */
  async resume(id: string, { decision, note }: ResumeRequest, actor: Actor): Promise<Execution> {
    const before = await this.reader.get(id);
    if (before.status !== 'needs_attention') {
      throw new UserError(
        'conflict',
        `Only an execution that needs attention can be resumed; this one is ${before.status}.`,
      );
    }
    const execution = effective(
      await this.transitions.fromOutside(id, async (present) => {
        if (decision !== 'abort') await this.access.requireGoingOn(present, actor);
        return { type: 'resumed', decision, by: ref(actor), note };
      }),
    );
    this.worker.poke(id);
    return execution;
  }

  private async askForStop(id: string, reason: string | undefined, actor: Actor): Promise<Execution> {
    const before = await this.reader.get(id);
    if (isFinal(before.status))
      throw new UserError('conflict', `This execution has ended already: ${before.status}.`);
    const event = { type: 'cancel_requested', by: ref(actor), reason: reason ?? null } as const;
    const { execution } = await this.transitions.fromOutside(id, event);
    // Somebody else may have asked for the same an instant before; anything else that ended it is said.
    const stops = execution.ending?.status === 'cancelled' || execution.status === 'cancelled';
    if (!stops)
      throw new UserError('conflict', `It cannot be cancelled any more: it is ${execution.status}.`);
    return execution;
  }

  private async awaiting(id: string): Promise<Execution> {
    const execution = await this.reader.get(id);
    const waits =
      execution.status === 'awaiting_approval' ||
      execution.steps.some((step) => step.status === 'awaiting_approval');
    if (!waits)
      throw new UserError(
        'conflict',
        `This execution does not wait for approval: it is ${execution.status}.`,
      );
    return execution;
  }

  /** Fails closed: whatever cannot be worked out again is not the same. */
  private async recheck(execution: Execution): Promise<Recheck> {
    const wasOpen = execution.alertSnapshot.alert?.status !== 'resolved';
    try {
      const { draft, execution: now } = await this.executions.plan(execution.id, this.requestOf(execution));
      if (draft.alert !== null && wasOpen && !isOpen(draft.alert)) return cleared;
      if (now.plan.hash === execution.plan.hash) return { same: true };
      const id = newId();
      const anew =
        execution.startedAt === null ? await this.executions.plan(id, this.requestOf(execution)) : null;
      return { same: false, reason: whatDiffers(execution, now), anew };
    } catch (error) {
      if (error instanceof UserError) return { same: false, reason: error.message, anew: null };
      throw error;
    }
  }

  private requestOf(execution: Execution) {
    const { runbookId, alertId, asked, requestedBy } = execution;
    // The trigger's conditions held when it was asked; whether the alert still fires is looked at by itself.
    return {
      runbookId,
      alertId,
      targetIds: asked.targetIds ?? undefined,
      parameters: asked.parameters,
      trigger: 'manual' as const,
      actor: requestedBy,
      // It waited, and so does what takes its place.
      approval: 'always' as const,
    };
  }

  private async refuse(execution: Execution, reason: string, anew: Anew | null): Promise<never> {
    const base = `Refused at approval: ${reason}`;
    if (anew !== null) {
      const fresh = { ...anew.execution, trigger: execution.trigger };
      const text = `${base} It was asked anew as execution ${fresh.id}.`;
      const asked = await this.replaceBy(execution, text, anew.draft, fresh);
      if (asked) throw new UserError('conflict', text);
    }
    await this.transitions.fromOutside(execution.id, {
      type: 'rejected',
      by: engine,
      reason: base,
    });
    this.worker.poke(execution.id);
    throw new UserError('conflict', base);
  }

  /** One transaction: the old request goes and the new one comes, or nothing changes. */
  private async replaceBy(old: Execution, reason: string, draft: Draft, fresh: Execution): Promise<boolean> {
    try {
      await this.session.transaction(async () => {
        await this.transitions.fromOutside(old.id, { type: 'rejected', by: engine, reason });
        await this.executions.submit(draft, fresh);
      });
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }
}

/** What a person asked for must have happened, or they are told: somebody else was faster. */
function effective({ before, execution }: Transition): Execution {
  if (before !== execution) return execution;
  throw new UserError('conflict', `Somebody was faster: the execution is ${execution.status} now.`);
}

const cleared: Recheck = { same: false, reason: 'the alert has cleared, nothing was run.', anew: null };

function whatDiffers(shown: Execution, now: Execution): string {
  if (shown.runbookVersionId !== now.runbookVersionId) {
    return `the runbook was changed since, it is at version ${now.runbookVersion} now.`;
  }
  return 'what would run is not what was shown any more.';
}
