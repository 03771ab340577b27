import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AuditAction, AuditEntryDto, AuditOutcome, AuditSubjectKind } from '@aiops/contracts';

/** A line of the audit log. Nothing here writes it: the database puts it together from the intake. */
@Entity('audit_log')
@Index('audit_log_position', ['position'], { unique: true })
@Index('audit_log_by_time', ['occurredAt', 'id'])
@Index('audit_log_by_subject', ['subjectId', 'position'])
@Index('audit_log_by_actor', ['actorId', 'position'])
@Index('audit_log_by_trace', ['traceId'])
export class AuditEntryEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz') occurredAt!: Date;
  @Column('text') action!: AuditAction;
  @Column('text') outcome!: AuditOutcome;
  @Column('text') actorKind!: AuditEntryDto['actor']['kind'];
  @Column('text', { nullable: true }) actorId!: string | null;
  @Column('text') actorName!: string;
  @Column('text') subjectKind!: AuditSubjectKind;
  @Column('text', { nullable: true }) subjectId!: string | null;
  @Column('text', { nullable: true }) subjectName!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
  /** `json` and not `jsonb`, which keeps no text: this one is hashed. */
  @Column('json', { nullable: true }) before!: Record<string, unknown> | null;
  @Column('json', { nullable: true }) after!: Record<string, unknown> | null;
  @Column('text', { nullable: true }) remoteAddress!: string | null;
  @Column('text', { nullable: true }) userAgent!: string | null;
  @Column('text', { nullable: true }) traceId!: string | null;
  /** In text, as PostgreSQL gives a bigint. */
  @Column('bigint') position!: string;
  @Column('text') previousHash!: string;
  @Column('text') hash!: string;
}
