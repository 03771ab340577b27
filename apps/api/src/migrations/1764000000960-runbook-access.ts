import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Runbooks that are there get no rows: as new ones, they have what follows from their newest version until somebody sets
 * something, and that lets a responder approve only where the runbook asks nobody.
 */
export class RunbookAccess1764000000960 implements MigrationInterface {
  name = 'RunbookAccess1764000000960';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE runbook_access (
        runbook_id uuid NOT NULL,
        risk text NOT NULL,
        run_role text,
        run_users uuid[] NOT NULL,
        approve_role text,
        approve_users uuid[] NOT NULL,
        self_approval boolean NOT NULL,
        updated_by text NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT runbook_access_pkey PRIMARY KEY (runbook_id),
        CONSTRAINT runbook_access_runbook_fkey FOREIGN KEY (runbook_id) REFERENCES runbooks (id) ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE runbook_access');
  }
}
