import { Injectable, Logger } from '@nestjs/common';
import type { AuditActionOf, AuditOutcome, AuditSubjectKind } from '@aiops/contracts';
import { Clock, newId } from '../clock.js';
import { DatabaseSession } from '../database/database-session.js';
import { UnexpectedError } from '../errors/errors.js';
import { systemActor, type Actor } from '../http/access.js';
import { CallContext } from '../http/call-context.js';
import { AuditLogRepository, type NewAuditEntry } from './audit-log.repository.js';
import { auditText, type AuditChange, type AuditSubject } from './audit-subject.js';

/** Whoever acts; `anonymous` for who has not shown yet who they are. */
export type AuditActor = Pick<Actor, 'id' | 'name'> & { kind: Actor['kind'] | 'anonymous' };

export const anonymousActor: AuditActor = { kind: 'anonymous', id: null, name: 'Not signed in' };

interface RecordOf<K extends AuditSubjectKind> {
  action: AuditActionOf<K>;
  subject: AuditSubject<K>;
  /** Made by what `audited` gives. */
  change?: AuditChange;
  /** Why, in the words of whoever did it. */
  reason?: string | null | undefined;
  /** `succeeded` unless said otherwise. */
  outcome?: AuditOutcome;
  /** Where it is another than who makes the call: a rule, or somebody who is just signing in. */
  actor?: AuditActor;
}

/** What happened. Who did it, from where and in which trace is known from the call. */
export type AuditRecord = { [K in AuditSubjectKind]: RecordOf<K> }[AuditSubjectKind];

const LONGEST_NAME = 300;
const LONGEST_REASON = 2_000;

/** Writes down who did what to what, from where: docs/audit-log.md. */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger('audit');

  constructor(
    private readonly repository: AuditLogRepository,
    private readonly session: DatabaseSession,
    private readonly context: CallContext,
    private readonly clock: Clock,
  ) {}

  /** Records what the transaction under way does: both are there, or neither. */
  record(entry: AuditRecord): Promise<void> {
    return this.recordAll([entry]);
  }

  /** The same for many at once, in the order in which they are given. */
  async recordAll(entries: readonly AuditRecord[]): Promise<void> {
    if (!this.session.inTransaction) {
      throw new UnexpectedError('An audit entry belongs into the transaction of what it tells about');
    }
    if (entries.length > 0) await this.repository.add(entries.map((entry) => this.complete(entry)));
  }

  /**
   * Records what changes nothing and must not be lost with a transaction that is undone: a failed sign-in, a refusal.
   * Never fails: the answer to the caller stays the same when the database is away, and the log of the process has it.
   */
  async recordApart(entry: AuditRecord): Promise<void> {
    const whole = this.complete(entry);
    try {
      await this.session.apart(() => this.repository.add([whole]));
    } catch (error) {
      this.logger.error({ err: error, audit: whole }, 'an audit entry could not be stored');
    }
  }

  private complete(entry: AuditRecord): NewAuditEntry {
    const { subject, change, outcome = 'succeeded' } = entry;
    const actor: AuditActor = entry.actor ?? this.context.actor ?? systemActor;
    const origin = this.context.origin;
    return {
      id: newId(),
      occurredAt: this.clock.now(),
      action: entry.action,
      outcome,
      actorKind: actor.kind,
      actorId: textOrNull(actor.id, LONGEST_NAME),
      actorName: auditText(actor.name, LONGEST_NAME),
      subjectKind: subject.kind,
      subjectId: textOrNull(subject.id, LONGEST_NAME),
      subjectName: textOrNull(subject.name, LONGEST_NAME),
      reason: textOrNull(entry.reason, LONGEST_REASON),
      before: change?.before ?? null,
      after: change?.after ?? null,
      remoteAddress: origin?.remoteAddress ?? null,
      userAgent: textOrNull(origin?.userAgent, LONGEST_NAME),
      traceId: this.context.traceId ?? null,
    };
  }
}

const textOrNull = (text: string | null | undefined, longest: number): string | null =>
  text === null || text === undefined || text === '' ? null : auditText(text, longest);
