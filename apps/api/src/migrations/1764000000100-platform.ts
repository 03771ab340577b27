import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Platform1764000000100 implements MigrationInterface {
  name = 'Platform1764000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE failed_operations (
        id uuid NOT NULL,
        operation text NOT NULL,
        payload jsonb NOT NULL,
        error text NOT NULL,
        attempts integer NOT NULL,
        status text NOT NULL,
        failed_at timestamptz NOT NULL,
        handled_by text,
        handled_at timestamptz,
        CONSTRAINT failed_operations_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX failed_operations_by_time ON failed_operations (failed_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE failed_operations');
  }
}
