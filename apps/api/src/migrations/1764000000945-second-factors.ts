import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SecondFactors1764000000945 implements MigrationInterface {
  name = 'SecondFactors1764000000945';

  async up(runner: QueryRunner): Promise<void> {
    // With a default, so that a process of the version before can still sign people in.
    await runner.query('ALTER TABLE sessions ADD COLUMN confirmed_at timestamptz NOT NULL DEFAULT now()');
    await runner.query('UPDATE sessions SET confirmed_at = created_at');
    await runner.query(`
      CREATE TABLE totp_factors (
        user_id uuid NOT NULL,
        key_id text NOT NULL,
        sealed text NOT NULL,
        confirmed_at timestamptz,
        last_step integer,
        created_at timestamptz NOT NULL,
        CONSTRAINT totp_factors_pkey PRIMARY KEY (user_id),
        CONSTRAINT totp_factors_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE recovery_codes (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        hash text NOT NULL,
        used_at timestamptz,
        created_at timestamptz NOT NULL,
        CONSTRAINT recovery_codes_pkey PRIMARY KEY (id),
        CONSTRAINT recovery_codes_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id)');
    await runner.query(`
      CREATE TABLE passkeys (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        name text NOT NULL,
        credential_id text NOT NULL,
        public_key text NOT NULL,
        counter bigint NOT NULL,
        transports text[] NOT NULL,
        synced boolean NOT NULL,
        last_used_at timestamptz,
        created_at timestamptz NOT NULL,
        CONSTRAINT passkeys_pkey PRIMARY KEY (id),
        CONSTRAINT passkeys_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id)');
    await runner.query('CREATE INDEX passkeys_by_user ON passkeys (user_id)');
    await runner.query(`
      CREATE TABLE sign_in_challenges (
        hash text NOT NULL,
        purpose text NOT NULL,
        user_id uuid,
        token_version integer,
        methods text[] NOT NULL,
        challenge text,
        tries integer NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT sign_in_challenges_pkey PRIMARY KEY (hash),
        CONSTRAINT sign_in_challenges_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX sign_in_challenges_by_user ON sign_in_challenges (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['sign_in_challenges', 'passkeys', 'recovery_codes', 'totp_factors']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query('ALTER TABLE sessions DROP COLUMN confirmed_at');
  }
}
