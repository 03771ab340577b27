import { Injectable } from '@nestjs/common';
import type { DomainEventPayload, ListQuery } from '@aiops/contracts';
import { AlertReader, AlertTimeline, type Alert } from '../../alert/index.js';
import { AnalysisService, type Analysis } from '../../llm/index.js';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Clock,
  OnDomainEvent,
  type Actor,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { ExecutionReader, RunbookReader } from '../../runbook/index.js';
import { judgeTriggers } from '../decision/trigger-verdict.js';
import { gatherFacts } from './alert-facts.js';

const HISTORY_LIMIT = 50;
const OPEN_LIMIT = 200;

const auditedAlert = audited<Pick<Alert, 'id' | 'alertName'>>()({
  kind: 'alert',
  name: ({ alertName }) => alertName,
  fields: [],
});

/** Puts together what the engine knows of an alert and has it analysed. */
@Injectable()
export class AlertAnalyst {
  constructor(
    private readonly alerts: AlertReader,
    private readonly timeline: AlertTimeline,
    private readonly runbooks: RunbookReader,
    private readonly executions: ExecutionReader,
    private readonly analyses: AnalysisService,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /** For a person who asks. */
  @Transactional()
  async requestBy(actor: Actor, alertId: string): Promise<Analysis> {
    const { alertName } = await this.alerts.get(alertId);
    const analysis = await this.requestFor(alertId, null, actor.name);
    const alert = auditedAlert.of({ id: alertId, alertName });
    await this.audit.record({ action: 'alert.analysis_requested', ...alert, actor });
    return analysis;
  }

  /** Asks for an analysis; it runs in the background. */
  async requestFor(
    alertId: string,
    rule: { name: string; action: string } | null,
    requestedBy: string,
  ): Promise<Analysis> {
    const alert = await this.alerts.get(alertId);
    const now = this.clock.now();
    const history = await this.alerts.history(alert.fingerprint, {
      excludeId: alert.id,
      limit: HISTORY_LIMIT,
    });
    const open = await this.alerts.open(OPEN_LIMIT);
    const runs = await this.executions.outcomesForAlerts([alert.id, ...history.map((episode) => episode.id)]);
    const candidates = (await this.runbooks.enabled())
      .filter(({ runbook }) => runbook.triggers.length > 0)
      .map(({ id, name, runbook }) => {
        const { matches, reasons } = judgeTriggers(runbook, alert, now);
        return { id, name, description: runbook.description, matches, reasons };
      });
    const decided = rule === null ? null : { name: rule.name, action: rule.action };
    const facts = gatherFacts({ alert, now, history, open, runs, candidates, rule: decided });
    return this.analyses.request(facts, requestedBy);
  }

  async list(alertId: string, query: ListQuery & Reads): Promise<Page<Sparse<Analysis>>> {
    await this.alerts.requireExists(alertId);
    return this.analyses.forAlert(alertId, query);
  }

  @OnDomainEvent('analysis.changed.v1', 'remediation.analysed')
  async onAnalysis(event: DomainEventPayload<'analysis.changed.v1'>): Promise<void> {
    if (event.status !== 'completed') return;
    const [analysis, alert] = await Promise.all([
      this.analyses.get(event.analysis_id),
      this.alerts.find(event.alert_id),
    ]);
    if (alert === null) return;
    const by =
      analysis.provider === 'template' ? 'the engine’s own records' : (analysis.provider ?? 'a model');
    await this.timeline.add(alert.id, {
      kind: 'analysed',
      actor: { kind: 'system', id: null, name: 'AIOps' },
      summary: `Analysed by ${by}. ${analysis.result?.summary ?? ''}`.trim(),
      details: { analysis_id: analysis.id },
    });
  }
}
