import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Invitations1764000000942 implements MigrationInterface {
  name = 'Invitations1764000000942';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE invitations (
        id uuid NOT NULL,
        kind text NOT NULL,
        user_id uuid,
        username text NOT NULL,
        display_name text NOT NULL,
        role text NOT NULL,
        email text,
        token_hash text NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        sent_at timestamptz,
        accepted_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT invitations_pkey PRIMARY KEY (id),
        CONSTRAINT invitations_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE UNIQUE INDEX invitations_token ON invitations (token_hash)');
    await runner.query('CREATE INDEX invitations_username ON invitations (username)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE invitations');
  }
}
