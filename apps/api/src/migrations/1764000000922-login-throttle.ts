import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LoginThrottle1764000000922 implements MigrationInterface {
  name = 'LoginThrottle1764000000922';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE login_throttles (
        key text NOT NULL,
        count integer NOT NULL,
        last_at timestamptz NOT NULL,
        open_at timestamptz NOT NULL,
        CONSTRAINT login_throttles_pkey PRIMARY KEY (key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE login_throttles');
  }
}
