import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { DatabaseSession } from '../../platform/index.js';
import { DecisionEntity, OutcomeEntity } from './decision.entity.js';

export type StoredDecision = Pick<DecisionEntity, keyof DecisionEntity>;

@Injectable()
export class DecisionRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** Stores a decision. @returns false when this cause was already decided for this alert. */
  async add(decision: StoredDecision): Promise<boolean> {
    const result = await this.session.manager
      .createQueryBuilder()
      .insert()
      .into(DecisionEntity)
      .values({ ...decision, reasons: decision.reasons })
      .orIgnore()
      .returning('id')
      .execute();
    return Array.isArray(result.raw) && result.raw.length === 1;
  }

  /** Stores decisions in one statement. @returns the alerts for which this cause was not decided before. */
  async addMany(decisions: StoredDecision[]): Promise<Set<string>> {
    if (decisions.length === 0) return new Set();
    const rows = await this.session.manager.query<{ alert_id: string }[]>(
      `INSERT INTO remediation_decisions (id, alert_id, cause, rule_id, runbook_id, outcome, reasons, created_at)
       SELECT d.id, d."alertId", d.cause, d."ruleId", d."runbookId", d.outcome, d.reasons, d."createdAt"
       FROM jsonb_to_recordset($1::jsonb) AS d(id uuid, "alertId" uuid, cause text, "ruleId" uuid, "runbookId" uuid,
         outcome text, reasons jsonb, "createdAt" timestamptz)
       ON CONFLICT (alert_id, cause) DO NOTHING RETURNING alert_id`,
      [JSON.stringify(decisions)],
    );
    return new Set(rows.map((row) => row.alert_id));
  }

  async link(id: string, executionId: string): Promise<void> {
    await this.session.manager.update(DecisionEntity, { id }, { executionId });
  }

  async refuse(id: string, reasons: string[]): Promise<void> {
    await this.session.manager.update(DecisionEntity, { id }, { outcome: 'refused', reasons });
  }

  /** Those of the alerts whose rule waits for more time or occurrences. */
  async waiting(alertIds: string[]): Promise<string[]> {
    if (alertIds.length === 0) return [];
    const rows = await this.session.manager.find(DecisionEntity, {
      where: { alertId: In(alertIds), outcome: 'wait' },
      select: { alertId: true },
    });
    return [...new Set(rows.map((row) => row.alertId))];
  }

  /** The alert waits no more: it was decided anew. */
  async endWaiting(alertId: string): Promise<void> {
    await this.session.manager.update(DecisionEntity, { alertId, outcome: 'wait' }, { outcome: 'waited' });
  }

  async latest(alertId: string): Promise<StoredDecision | null> {
    return this.session.manager.findOne(DecisionEntity, { where: { alertId }, order: { id: 'DESC' } });
  }

  /** @returns false when this status of the execution is already recorded. */
  async recordOutcome(executionId: string, status: string, recordedAt: Date): Promise<boolean> {
    const result = await this.session.manager
      .createQueryBuilder()
      .insert()
      .into(OutcomeEntity)
      .values({ executionId, status, recordedAt })
      .orIgnore()
      .returning('status')
      .execute();
    return Array.isArray(result.raw) && result.raw.length === 1;
  }
}
