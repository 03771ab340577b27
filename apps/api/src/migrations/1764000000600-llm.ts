import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Llm1764000000600 implements MigrationInterface {
  name = 'Llm1764000000600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE llm_providers (
        id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        model text NOT NULL,
        base_url text,
        api_key_key_id text,
        api_key_sealed text,
        api_key_hint text,
        priority integer NOT NULL,
        enabled boolean NOT NULL,
        timeout_ms integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT llm_providers_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX llm_providers_name ON llm_providers (name)');
    await runner.query(`
      CREATE TABLE analyses (
        id uuid NOT NULL,
        alert_id uuid NOT NULL,
        status text NOT NULL,
        facts jsonb NOT NULL,
        provider text,
        model text,
        result jsonb,
        hops jsonb NOT NULL,
        requested_by text NOT NULL,
        created_at timestamptz NOT NULL,
        completed_at timestamptz,
        CONSTRAINT analyses_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX analyses_by_alert ON analyses (alert_id, created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE analyses');
    await runner.query('DROP TABLE llm_providers');
  }
}
