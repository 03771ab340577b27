import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PasswordDue1764000000941 implements MigrationInterface {
  name = 'PasswordDue1764000000941';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN must_change_password boolean NOT NULL DEFAULT false');
    await runner.query('ALTER TABLE users ALTER COLUMN must_change_password DROP DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN must_change_password');
  }
}
