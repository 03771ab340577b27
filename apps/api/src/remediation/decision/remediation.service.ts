import { Injectable, Logger } from '@nestjs/common';
import { idSchema, type AlertChange } from '@aiops/contracts';
import { z } from 'zod';
import {
  AlertReader,
  AlertRemediationState,
  AlertTimeline,
  isOpen,
  type Alert,
  type AlertFacts,
} from '../../alert/index.js';
import {
  activeTrace,
  Clock,
  DatabaseSession,
  defineJob,
  EventBus,
  HandlesJob,
  inSpan,
  JobQueue,
  newId,
  OnDomainEvents,
  parseTraceparent,
  Tracing,
  UnexpectedError,
  UserError,
  type Actor,
  type Happened,
  type JobContext,
  type TraceContext,
} from '../../platform/index.js';
import { ExecutionService, RunbookReader } from '../../runbook/index.js';
import { AlertAnalyst } from '../analysis/alert-analyst.service.js';
import { RuleRepository } from '../rule/rule.repository.js';
import { AutomationSwitch } from './automation-switch.service.js';
import { Budget } from './budget.js';
import { decide, type Decision } from './decide.js';
import { DecisionRepository } from './decision.repository.js';
import { describeDecision } from './describe-decision.js';

const recheckJob = defineJob('remediation.recheck', z.object({ alert_id: idSchema }));

/** Of each alert the first event that asks for a decision: the same event never decides twice. */
interface Cause {
  jobId: string;
  /** In which the alert came: events of many traces are taken together. */
  trace: TraceContext | null;
}
type Causes = ReadonlyMap<string, Cause>;
const causeOf = (alertId: string, causes: Causes): Cause => {
  const cause = causes.get(alertId);
  if (cause === undefined) throw new UnexpectedError(`No event asked to decide about the alert ${alertId}`);
  return cause;
};
const remediationState = {
  ignore: 'ignored',
  observe: 'observed',
  approve: 'running',
  auto: 'running',
} as const;

/** Decides for every alert that begins to fire, and carries the decision out. */
@Injectable()
export class RemediationService {
  private readonly logger = new Logger('remediation');
  /** Analyses that nobody asked for, of alerts that nothing is done about. The rest can be asked for by hand. */
  private readonly analysisBudget = new Budget(30, 2_000);

  constructor(
    private readonly alerts: AlertReader,
    private readonly timeline: AlertTimeline,
    private readonly states: AlertRemediationState,
    private readonly rules: RuleRepository,
    private readonly runbooks: RunbookReader,
    private readonly executions: ExecutionService,
    private readonly analyst: AlertAnalyst,
    private readonly automation: AutomationSwitch,
    private readonly decisions: DecisionRepository,
    private readonly jobs: JobQueue,
    private readonly events: EventBus,
    private readonly session: DatabaseSession,
    private readonly clock: Clock,
    private readonly tracing: Tracing,
  ) {}

  @OnDomainEvents('alert.changed.v1', 'remediation.decide')
  async onAlertsChanged(events: Happened<'alert.changed.v1'>[]): Promise<void> {
    const changes = events.flatMap(({ payload, jobId, trace }) =>
      payload.changes.map(({ alert_id, kind, traceparent }) => ({
        alertId: alert_id,
        kind,
        cause: { jobId, trace: traceparent === undefined ? trace : parseTraceparent(traceparent) },
      })),
    );
    const causes = new Map(changes.toReversed().map(({ alertId, cause }) => [alertId, cause]));
    const ids = (kinds: AlertChange['kind'][]) => [
      ...new Set(changes.filter(({ kind }) => kinds.includes(kind)).map(({ alertId }) => alertId)),
    ];
    const repeated = await this.decisions.waiting(ids(['repeated', 'updated']));
    const reopened = ids(['reopened']);
    // An alert that was just opened cannot wait for anything yet.
    const waiting = new Set([...repeated, ...(await this.decisions.waiting(reopened))]);
    const begun = [...new Set([...ids(['opened']), ...reopened])].filter((id) => !waiting.has(id));
    const idle = await this.passIdle(begun, causes);
    for (const id of [...begun, ...waiting]) {
      if (!idle.has(id)) await this.decideInTrace(id, causeOf(id, causes));
    }
  }

  /**
   * Alerts that no rule and no runbook has anything to say to, all in one go: a storm of them must not hold up the
   * others. @returns their ids.
   */
  private async passIdle(ids: string[], causes: Causes): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const now = this.clock.now();
    const [alerts, rules, runbooks] = await Promise.all([
      this.alerts.facts(ids),
      this.rules.enabled(),
      this.runbooks.enabled(),
    ]);
    const idle = alerts.filter((alert) => {
      if (!isOpen(alert)) return true;
      const decision = decide(alert, rules, runbooks, now);
      return decision.kind === 'suggest' && decision.rule === null && decision.runbook === null;
    });
    const analysed = idle.filter((alert) => isOpen(alert) && this.analysisBudget.take(now));
    if (analysed.length > 0) await this.analyseIdle(analysed, causes, now);
    return new Set(idle.map((alert) => alert.id));
  }

  private async analyseIdle(alerts: AlertFacts[], causes: Causes, now: Date): Promise<void> {
    const nothing = {
      ruleId: null,
      runbookId: null,
      executionId: null,
      outcome: 'suggest' as const,
      reasons: [],
    };
    await this.session.transaction(async () => {
      const fresh = await this.decisions.addMany(
        alerts.map(({ id }) => ({
          ...nothing,
          id: newId(),
          alertId: id,
          cause: causeOf(id, causes).jobId,
          createdAt: now,
        })),
      );
      for (const id of fresh) await this.analyst.requestFor(id, null, 'AIOps');
    });
  }

  /** The time has come for a trigger with `min_duration`. */
  @HandlesJob(recheckJob)
  async recheck({ alert_id }: { alert_id: string }, { jobId }: JobContext): Promise<void> {
    const [waiting] = await this.decisions.waiting([alert_id]);
    if (waiting !== undefined) await this.decideFor(alert_id, jobId);
  }

  /** What follows from an alert belongs to the trace of whoever sent it, whatever came together with it. */
  private decideInTrace(alertId: string, { jobId, trace }: Cause): Promise<void> {
    const spec = { name: 'remediation decide', attributes: { 'aiops.alert.id': alertId } };
    const decide = (): Promise<void> => this.decideFor(alertId, jobId);
    const isHere = trace === null || trace.traceId === activeTrace()?.context.traceId;
    return isHere ? inSpan(spec, decide) : this.tracing.continue(trace, spec, decide);
  }

  private async decideFor(alertId: string, cause: string): Promise<void> {
    const alert = await this.alerts.find(alertId);
    if (alert === null || alert.status === 'resolved' || alert.status === 'suppressed') return;
    const [rules, runbooks] = await Promise.all([this.rules.enabled(), this.runbooks.enabled()]);
    const decision = await this.automation.apply(decide(alert, rules, runbooks, this.clock.now()));
    await this.session.transaction(() => this.carryOut(alert, decision, cause));
  }

  private async carryOut(alert: Alert, decision: Decision, cause: string): Promise<void> {
    const wasWaiting = (await this.decisions.waiting([alert.id])).length > 0;
    if (wasWaiting && decision.kind === 'wait' && !decision.verdict.matchesAt) return;
    const id = newId();
    const isNew = await this.decisions.add({
      id,
      alertId: alert.id,
      cause,
      ruleId: decision.rule?.id ?? null,
      runbookId: 'runbook' in decision ? (decision.runbook?.id ?? null) : null,
      executionId: null,
      outcome: decision.kind,
      reasons:
        'reasons' in decision ? decision.reasons : 'verdict' in decision ? decision.verdict.reasons : [],
      createdAt: this.clock.now(),
    });
    if (!isNew) return;
    if (decision.kind !== 'wait') await this.decisions.endWaiting(alert.id);
    if (!wasWaiting || decision.kind !== 'wait') await this.noteDecision(alert, decision);
    await this.act(alert, decision, id);
  }

  private async noteDecision(alert: Alert, decision: Decision): Promise<void> {
    if (decision.rule !== null) await this.rules.matched(decision.rule.id, this.clock.now());
    const summary = describeDecision(decision);
    const actor =
      decision.rule === null
        ? { kind: 'system' as const, id: null, name: 'AIOps' }
        : ruleActor(decision.rule);
    if (summary !== null) {
      await this.timeline.add(alert.id, {
        kind: 'rule_matched',
        actor,
        summary,
        details: { action: decision.kind },
      });
    }
  }

  private async act(alert: Alert, decision: Decision, decisionId: string): Promise<void> {
    if (decision.kind === 'ignore') {
      await this.states.set(alert.id, 'ignored');
      return;
    }
    if (decision.kind === 'approve' || decision.kind === 'auto') await this.run(alert, decision, decisionId);
    if (decision.kind === 'observe') await this.states.set(alert.id, 'observed');
    if (decision.kind === 'suggest' && decision.runbook !== null)
      await this.states.set(alert.id, 'suggested');
    if (decision.kind === 'wait' && decision.verdict.matchesAt !== null) {
      await this.jobs.send(recheckJob, { alert_id: alert.id }, { startAfter: decision.verdict.matchesAt });
    }
    // The analysis follows the decision and never delays it.
    await this.analyst.requestFor(alert.id, decision.rule, 'AIOps');
    await this.announce(alert.id, decision);
  }

  private async run(
    alert: Alert,
    decision: Extract<Decision, { kind: 'approve' | 'auto' }>,
    decisionId: string,
  ): Promise<void> {
    try {
      const execution = await this.executions.request({
        runbookId: decision.runbook.id,
        alertId: alert.id,
        trigger: 'rule',
        actor: ruleActor(decision.rule),
        approval: decision.kind === 'auto' ? 'none' : 'ask',
      });
      await this.decisions.link(decisionId, execution.id);
      await this.states.set(
        alert.id,
        execution.status === 'awaiting_approval' ? 'awaiting_approval' : remediationState[decision.kind],
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.logger.log(
        { alert_id: alert.id, runbook: decision.runbook.name, reason: error.message },
        'run refused',
      );
      await this.decisions.refuse(decisionId, [error.message]);
      await this.states.set(alert.id, 'suggested');
      await this.timeline.add(alert.id, {
        kind: 'execution_refused',
        actor: ruleActor(decision.rule),
        summary: `${decision.runbook.name} was not run: ${error.message}`,
        details: { errors: error.errors },
      });
    }
  }

  private async announce(alertId: string, decision: Decision): Promise<void> {
    const action = decision.kind === 'wait' || decision.kind === 'refused' ? 'none' : decision.kind;
    const runbookId = 'runbook' in decision ? (decision.runbook?.id ?? null) : null;
    await this.events.emit('remediation.decided.v1', {
      alert_id: alertId,
      rule_id: decision.rule?.id ?? null,
      action,
      runbook_id: runbookId,
      execution_id: null,
    });
  }
}

/** Rules act with no more than an engineer's rights: they were written by one. */
function ruleActor(rule: { id: string; name: string }): Actor {
  return { kind: 'rule', id: rule.id, name: rule.name, role: 'engineer' };
}
