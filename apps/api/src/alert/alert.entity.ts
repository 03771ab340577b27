import type { AlertStatus, Labels, Severity } from '@aiops/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RemediationState } from './alert.js';

/**
 * One row per episode. Columns that a repeat changes are in no index, so that a repeat is a heap-only update;
 * that is why the timer has two columns (see `checkAt`).
 */
@Entity('alerts')
@Index('alerts_one_open', ['fingerprint'], { unique: true, where: `(status <> 'resolved'::text)` })
@Index('alerts_by_fingerprint', ['fingerprint', 'resolvedAt'])
@Index('alerts_by_start', ['startsAt', 'id'])
@Index('alerts_by_severity', ['severityRank', 'id'])
@Index('alerts_labels', ['labels'], { type: 'gin' })
@Index('alerts_to_check', ['checkAt'], { where: `((status <> 'resolved'::text) AND (check_at IS NOT NULL))` })
export class AlertEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') fingerprint!: string;
  @Column('text') source!: string;
  @Column('text') alertName!: string;
  @Column('text') severity!: Severity;
  /** 4 for critical to 1 for info: what lists sort by. */
  @Column('smallint') severityRank!: number;
  @Column('text') status!: AlertStatus;
  @Column('jsonb') labels!: Labels;
  @Column('jsonb') annotations!: Labels;
  @Column('text', { nullable: true }) generatorUrl!: string | null;
  @Column('jsonb') extras!: Record<string, unknown>;
  @Column('integer') truncatedAlerts!: number;
  /** Digest of all that a delivery may change without being another alert; spares repeats the comparison. */
  @Column('text') contentHash!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz', { nullable: true }) endsAt!: Date | null;
  @Column('timestamptz') lastReceivedAt!: Date;
  @Column('integer') occurrences!: number;
  /** When the alert resolves if nothing more is heard; null when only the sender or a person ends it. */
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
  /** Whether `expiresAt` comes from a timeout and not from the sender. */
  @Column('boolean') expiryIsTimeout!: boolean;
  /** When to look at `expiresAt` next; never later than it, often earlier. */
  @Column('timestamptz', { nullable: true }) checkAt!: Date | null;
  @Column('text', { nullable: true }) acknowledgedBy!: string | null;
  @Column('timestamptz', { nullable: true }) acknowledgedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) resolvedAt!: Date | null;
  /** What it was when it was first heard of: `resolved` when it was over by then. Begins its timeline. */
  @Column('text') firstStatus!: AlertStatus;
  @Column('text') remediation!: RemediationState;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
