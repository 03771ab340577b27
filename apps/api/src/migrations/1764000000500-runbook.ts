import type { MigrationInterface, QueryRunner } from 'typeorm';

const definitions = `
  CREATE TABLE runbooks (
    id uuid NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    category text NOT NULL,
    tags jsonb NOT NULL,
    version integer NOT NULL,
    version_id uuid NOT NULL,
    approval text NOT NULL,
    enabled boolean NOT NULL,
    breaker_state text NOT NULL,
    breaker_failures integer NOT NULL,
    breaker_opened_at timestamptz,
    breaker_retry_at timestamptz,
    breaker_trial uuid,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT runbooks_pkey PRIMARY KEY (id)
  );
  CREATE UNIQUE INDEX runbooks_by_name ON runbooks (name) WHERE deleted_at IS NULL;
  CREATE INDEX runbooks_by_creation ON runbooks (created_at, id);
  CREATE TABLE runbook_versions (
    id uuid NOT NULL,
    runbook_id uuid NOT NULL,
    version integer NOT NULL,
    yaml text NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT runbook_versions_pkey PRIMARY KEY (id),
    CONSTRAINT runbook_versions_by_number UNIQUE (runbook_id, version),
    CONSTRAINT runbook_versions_runbook_fkey FOREIGN KEY (runbook_id) REFERENCES runbooks (id) ON DELETE RESTRICT
  )`;

const executions = `
  CREATE TABLE executions (
    id uuid NOT NULL,
    trigger text NOT NULL,
    dry_run boolean NOT NULL,
    runbook_id uuid NOT NULL,
    runbook_version_id uuid NOT NULL,
    runbook_name text NOT NULL,
    runbook_version integer NOT NULL,
    alert_id uuid,
    targets jsonb NOT NULL,
    parameters jsonb NOT NULL,
    alert_snapshot jsonb NOT NULL,
    plan jsonb NOT NULL,
    requested_by jsonb NOT NULL,
    asked jsonb NOT NULL,
    status text NOT NULL,
    stage text NOT NULL,
    reason text,
    strategy jsonb NOT NULL,
    approval_expires_ms bigint NOT NULL,
    approval_expires_at timestamptz,
    approved_by jsonb,
    interventions jsonb NOT NULL,
    ending jsonb,
    verdict jsonb,
    rollback_lanes jsonb NOT NULL,
    verify_started_at timestamptz,
    wake_at timestamptz,
    lease_token uuid,
    lease_owner text,
    lease_expires_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz NOT NULL,
    CONSTRAINT executions_pkey PRIMARY KEY (id)
  );
  CREATE INDEX executions_by_creation ON executions (created_at, id);
  CREATE INDEX executions_by_runbook ON executions (runbook_id, created_at);
  CREATE INDEX executions_by_end ON executions (runbook_id, finished_at) WHERE started_at IS NOT NULL;
  CREATE INDEX executions_by_start ON executions (runbook_id, started_at) WHERE started_at IS NOT NULL;
  CREATE INDEX executions_by_alert ON executions (alert_id, created_at) WHERE alert_id IS NOT NULL;
  CREATE INDEX executions_by_status ON executions (status, created_at);
  CREATE INDEX executions_to_wake ON executions (wake_at) WHERE wake_at IS NOT NULL`;

const partsOfExecutions = `
  CREATE TABLE execution_steps (
    execution_id uuid NOT NULL,
    index integer NOT NULL,
    phase text NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    lane integer NOT NULL,
    target_id uuid,
    target_name text,
    policy jsonb NOT NULL,
    approval_required boolean NOT NULL,
    approved_by jsonb,
    status text NOT NULL,
    attempt integer NOT NULL,
    interruptions integer NOT NULL,
    not_before timestamptz,
    exit_code integer,
    command text,
    reason text,
    result jsonb,
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT execution_steps_pkey PRIMARY KEY (execution_id, index),
    CONSTRAINT execution_steps_execution_fkey FOREIGN KEY (execution_id) REFERENCES executions (id) ON DELETE CASCADE
  );
  CREATE TABLE execution_targets (
    execution_id uuid NOT NULL,
    target_id uuid NOT NULL,
    CONSTRAINT execution_targets_pkey PRIMARY KEY (execution_id, target_id),
    CONSTRAINT execution_targets_execution_fkey FOREIGN KEY (execution_id) REFERENCES executions (id) ON DELETE CASCADE
  );
  CREATE INDEX execution_targets_by_target ON execution_targets (target_id, execution_id);
  CREATE TABLE execution_output (
    execution_id uuid NOT NULL,
    sequence integer NOT NULL,
    step_index integer NOT NULL,
    attempt integer NOT NULL,
    stream text NOT NULL,
    text text NOT NULL,
    bytes integer NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT execution_output_pkey PRIMARY KEY (execution_id, sequence),
    CONSTRAINT execution_output_execution_fkey FOREIGN KEY (execution_id) REFERENCES executions (id) ON DELETE CASCADE
  );
  CREATE TABLE target_locks (
    target_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    locked_at timestamptz NOT NULL,
    CONSTRAINT target_locks_pkey PRIMARY KEY (target_id),
    CONSTRAINT target_locks_execution_fkey FOREIGN KEY (execution_id) REFERENCES executions (id) ON DELETE CASCADE
  );
  CREATE INDEX target_locks_by_execution ON target_locks (execution_id)`;

export class Runbook1764000000500 implements MigrationInterface {
  name = 'Runbook1764000000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(definitions);
    await runner.query(executions);
    await runner.query(partsOfExecutions);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE target_locks, execution_output, execution_targets, execution_steps, executions',
    );
    await runner.query('DROP TABLE runbook_versions, runbooks');
  }
}
