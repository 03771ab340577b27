import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Remediation1764000000800 implements MigrationInterface {
  name = 'Remediation1764000000800';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rules (
        id uuid NOT NULL,
        name text NOT NULL,
        description text NOT NULL,
        enabled boolean NOT NULL,
        priority integer NOT NULL,
        matchers jsonb NOT NULL,
        action text NOT NULL,
        runbook_id uuid,
        last_matched_at timestamptz,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT rules_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX rules_name ON rules (name)');
    await runner.query('CREATE INDEX rules_by_priority ON rules (priority, id)');
    await runner.query(`
      CREATE TABLE remediation_decisions (
        id uuid NOT NULL,
        alert_id uuid NOT NULL,
        cause text NOT NULL,
        rule_id uuid,
        runbook_id uuid,
        execution_id uuid,
        outcome text NOT NULL,
        reasons jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT remediation_decisions_pkey PRIMARY KEY (id)
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX remediation_decisions_cause ON remediation_decisions (alert_id, cause)',
    );
    await runner.query(
      `CREATE INDEX remediation_decisions_waiting ON remediation_decisions (alert_id) WHERE outcome = 'wait'`,
    );
    await runner.query(`
      CREATE TABLE remediation_outcomes (
        execution_id uuid NOT NULL,
        status text NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT remediation_outcomes_pkey PRIMARY KEY (execution_id, status)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE remediation_outcomes');
    await runner.query('DROP TABLE remediation_decisions');
    await runner.query('DROP TABLE rules');
  }
}
