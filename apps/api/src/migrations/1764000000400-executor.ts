import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Executor1764000000400 implements MigrationInterface {
  name = 'Executor1764000000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE credentials (
        id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        key_id text NOT NULL,
        sealed text NOT NULL,
        fingerprint text,
        last_rotated_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT credentials_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX credentials_name ON credentials (name)');
    await runner.query(`
      CREATE TABLE targets (
        id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        host text NOT NULL,
        port integer NOT NULL,
        username text,
        shell text NOT NULL,
        labels jsonb NOT NULL,
        credential_id uuid,
        reachable boolean,
        last_seen_at timestamptz,
        last_error text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT targets_pkey PRIMARY KEY (id),
        CONSTRAINT targets_credential_fkey FOREIGN KEY (credential_id)
          REFERENCES credentials (id) ON DELETE RESTRICT
      )`);
    await runner.query('CREATE UNIQUE INDEX targets_name ON targets (name)');
    await runner.query('CREATE INDEX targets_credential ON targets (credential_id)');
    await runner.query(`
      CREATE TABLE host_keys (
        id uuid NOT NULL,
        target_id uuid NOT NULL,
        algorithm text NOT NULL,
        fingerprint text NOT NULL,
        status text NOT NULL,
        first_seen_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        accepted_by text,
        accepted_at timestamptz,
        revoked_by text,
        revoked_at timestamptz,
        CONSTRAINT host_keys_pkey PRIMARY KEY (id),
        CONSTRAINT host_keys_target_fkey FOREIGN KEY (target_id) REFERENCES targets (id) ON DELETE CASCADE
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX host_keys_target_fingerprint ON host_keys (target_id, fingerprint)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE host_keys');
    await runner.query('DROP TABLE targets');
    await runner.query('DROP TABLE credentials');
  }
}
