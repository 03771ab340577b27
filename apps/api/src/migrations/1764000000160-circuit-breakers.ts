import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CircuitBreakers1764000000160 implements MigrationInterface {
  name = 'CircuitBreakers1764000000160';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE circuit_breakers (
        instance_id uuid NOT NULL,
        name text NOT NULL,
        state text NOT NULL,
        reason text,
        changed_at timestamptz NOT NULL,
        retry_at timestamptz,
        CONSTRAINT circuit_breakers_pkey PRIMARY KEY (instance_id, name)
      )`);
    await runner.query('CREATE INDEX circuit_breakers_by_name ON circuit_breakers (name)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE circuit_breakers');
  }
}
