import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../platform/index.js';

/** A run that somebody or a rule asked for because of an alert. */
export interface AlertRun {
  alertId: string;
  runbookId: string;
  askedAt: Date;
  status: string;
  /** Whether any of it was carried out, or is being. */
  began: boolean;
}

/** Which runbooks were used for which alerts. */
@Injectable()
export class AlertRunsReader {
  constructor(private readonly session: DatabaseSession) {}

  /** All real runs for these alerts, whatever became of them. */
  async forAlerts(alertIds: string[]): Promise<AlertRun[]> {
    if (alertIds.length === 0) return [];
    return this.session.manager.query(
      `SELECT alert_id AS "alertId", runbook_id AS "runbookId", created_at AS "askedAt", status,
         started_at IS NOT NULL AS began
       FROM executions WHERE alert_id = ANY($1) AND NOT dry_run`,
      [alertIds],
    );
  }
}
