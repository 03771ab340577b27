import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UserIdentities1764000000940 implements MigrationInterface {
  name = 'UserIdentities1764000000940';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL');
    await runner.query(`
      CREATE TABLE user_identities (
        issuer text NOT NULL,
        subject text NOT NULL,
        user_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT user_identities_pkey PRIMARY KEY (issuer, subject),
        CONSTRAINT user_identities_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX user_identities_by_user ON user_identities (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE user_identities');
    // Who has no password gets the hash of one that nobody knows.
    await runner.query(`
      UPDATE users SET password_hash = '$argon2id$v=19$m=19456,t=2,p=1$'
        || rtrim(encode(uuid_send(gen_random_uuid()), 'base64'), '=') || '$'
        || rtrim(encode(sha256(uuid_send(gen_random_uuid())), 'base64'), '=')
      WHERE password_hash IS NULL`);
    await runner.query('ALTER TABLE users ALTER COLUMN password_hash SET NOT NULL');
  }
}
