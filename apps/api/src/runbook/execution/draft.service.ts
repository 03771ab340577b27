import { Injectable } from '@nestjs/common';
import { bindParameters, matchTrigger, type Runbook } from '@aiops/runbook-format';
import { AlertReader, isOpen, type Alert } from '../../alert/index.js';
import { TargetReader } from '../../executor/index.js';
import { Clock, UserError } from '../../platform/index.js';
import { ParsedVersions } from '../definition/parsed-versions.js';
import { RunbookRepository, type StoredRunbook } from '../definition/runbook.repository.js';
import type { AlertSnapshot, AskedFor, ExecutionTrigger } from './execution.types.js';
import { buildPlan, type BuiltPlan } from './plan/build-plan.js';
import { chooseTargets } from './plan/choose-targets.js';
import { toPlanTarget } from './plan/plan-target.js';

export interface DraftInput {
  executionId: string;
  runbookId: string;
  alertId: string | null;
  trigger: ExecutionTrigger;
  asked: AskedFor;
}

/** An execution worked out and not yet asked for. */
export interface Draft extends BuiltPlan {
  record: StoredRunbook;
  runbook: Runbook;
  alert: Alert | null;
  alertSnapshot: AlertSnapshot;
}

/** Works out what a request would run at this moment: targets chosen, parameters bound, every command rendered. */
@Injectable()
export class DraftService {
  constructor(
    private readonly runbooks: RunbookRepository,
    private readonly parsed: ParsedVersions,
    private readonly alerts: AlertReader,
    private readonly targets: TargetReader,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError that says why it cannot run */
  async make(input: DraftInput): Promise<Draft> {
    const record = await this.runbooks.find(input.runbookId);
    if (record === null || record.deletedAt !== null) throw UserError.notFound('runbook', input.runbookId);
    if (!record.enabled) throw new UserError('conflict', `The runbook ${record.name} is disabled.`);
    const runbook = this.parsed.get(record.versionId, record.yaml);
    const alert = input.alertId === null ? null : await this.alerts.get(input.alertId);
    if (input.trigger === 'rule') requireTrigger(runbook, alert, this.clock.now());
    const alertSnapshot = alert === null ? {} : snapshot(alert);
    const parameters = boundParameters(runbook, input.asked, alertSnapshot);
    const chosen = chooseTargets({
      runbook,
      all: (await this.targets.all()).map(toPlanTarget),
      targetIds: input.asked.targetIds ?? undefined,
      alertLabels: alert?.labels ?? {},
    });
    if (chosen.targets === null)
      throw new UserError('unprocessable', chosen.problem, [
        { field: 'target_ids', message: chosen.problem },
      ]);
    const built = buildPlan({
      runbook,
      runbookVersionId: record.versionId,
      targets: chosen.targets,
      executionId: input.executionId,
      parameters,
      alertSnapshot,
      hasAlert: alert !== null,
    });
    if (built.problems.length > 0) throw cannotPlan(built.problems);
    return { ...built, record, runbook, alert, alertSnapshot };
  }
}

/** For runs that no person started: every condition of one trigger must hold, and the alert must still be there. */
function requireTrigger(runbook: Runbook, alert: Alert | null, now: Date): void {
  if (alert === null)
    throw new UserError('unprocessable', 'A rule starts a runbook for an alert, and there is none.');
  if (!isOpen(alert)) throw new UserError('unprocessable', 'The alert is resolved: there is nothing to fix.');
  if (alert.status === 'suppressed') throw new UserError('unprocessable', 'The alert is suppressed.');
  if (runbook.triggers.length === 0) return;
  const facts = {
    alertName: alert.alertName,
    labels: alert.labels,
    firedForMs: now.getTime() - alert.startsAt.getTime(),
    occurrences: alert.occurrences,
  };
  const matches = runbook.triggers.map((trigger) => matchTrigger(trigger, facts));
  if (matches.some((match) => match.matches)) return;
  const reasons = matches.flatMap((match) => match.reasons);
  throw new UserError(
    'unprocessable',
    `The alert does not match the trigger of ${runbook.name}: ${reasons.join('; ')}.`,
    reasons.map((message) => ({ field: 'trigger', message })),
  );
}

function boundParameters(runbook: Runbook, asked: AskedFor, alertSnapshot: AlertSnapshot) {
  const { values, errors } = bindParameters(runbook, asked.parameters, alertSnapshot);
  if (errors.length === 0) return values;
  throw new UserError(
    'validation',
    `The parameters are not valid: ${errors.map(({ field, message }) => `${field} ${message}`).join('; ')}.`,
    errors,
  );
}

function cannotPlan(problems: string[]): UserError {
  return new UserError(
    'unprocessable',
    `It cannot be planned. ${problems[0] ?? ''}`,
    problems.map((message) => ({ field: 'plan', message })),
  );
}

function snapshot(alert: Alert): AlertSnapshot {
  return {
    alert: {
      id: alert.id,
      alert_name: alert.alertName,
      severity: alert.severity,
      status: alert.status,
      source: alert.source,
      fingerprint: alert.fingerprint,
      starts_at: alert.startsAt.toISOString(),
      occurrences: alert.occurrences,
    },
    labels: alert.labels,
    annotations: alert.annotations,
  };
}
