import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SigningKeys1764000000920 implements MigrationInterface {
  name = 'SigningKeys1764000000920';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signing_keys (
        kid text NOT NULL,
        key_id text NOT NULL,
        sealed text NOT NULL,
        created_at timestamptz NOT NULL,
        retires_at timestamptz,
        CONSTRAINT signing_keys_pkey PRIMARY KEY (kid)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signing_keys');
  }
}
