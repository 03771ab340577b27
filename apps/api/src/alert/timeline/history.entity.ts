import type { ActorDto } from '@aiops/contracts';
import { ViewColumn, ViewEntity } from 'typeorm';

/**
 * What happened to an alert: the stored lines, and before them one that says how it began. That one is the alert's own,
 * and has its id. To be read only; made by a migration.
 */
@ViewEntity({ name: 'alert_history', synchronize: false })
export class AlertHistoryEntity {
  @ViewColumn() id!: string;
  @ViewColumn() alertId!: string;
  @ViewColumn() at!: Date;
  @ViewColumn() kind!: string;
  @ViewColumn() actorKind!: ActorDto['kind'];
  @ViewColumn() actorId!: string | null;
  @ViewColumn() actorName!: string;
  @ViewColumn() summary!: string;
  @ViewColumn() details!: Record<string, unknown>;
}
