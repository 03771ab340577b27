import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FeatureFlags1764000000150 implements MigrationInterface {
  name = 'FeatureFlags1764000000150';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE feature_flags (
        id uuid NOT NULL,
        key text NOT NULL,
        description text NOT NULL,
        enabled boolean NOT NULL,
        percentage integer NOT NULL,
        version integer NOT NULL,
        updated_by text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT feature_flags_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX feature_flags_key ON feature_flags (key)');
    // The switch that somebody looks for in a bad night is there already.
    await runner.query(`
      INSERT INTO feature_flags (id, key, description, enabled, percentage, version, created_at, updated_at)
      VALUES ('019a8b3c-0000-7000-8000-000000000001', 'automatic_execution',
        'Rules with the action "auto" run their runbook at once. While this is off they ask for approval instead.',
        true, 100, 1, now(), now())`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE feature_flags');
  }
}
