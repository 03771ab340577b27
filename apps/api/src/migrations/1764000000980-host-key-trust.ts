import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Host keys that are pinned before they are seen or come in certificates, and rules for hosts by pattern. */
export class HostKeyTrust1764000000980 implements MigrationInterface {
  name = 'HostKeyTrust1764000000980';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE host_keys
        ALTER COLUMN algorithm DROP NOT NULL,
        ALTER COLUMN first_seen_at DROP NOT NULL,
        ALTER COLUMN last_seen_at DROP NOT NULL,
        ADD COLUMN public_key text,
        ADD COLUMN origin text NOT NULL DEFAULT 'seen',
        ADD COLUMN certificate jsonb,
        ADD COLUMN created_at timestamptz`);
    await runner.query('UPDATE host_keys SET created_at = first_seen_at');
    await runner.query(`
      ALTER TABLE host_keys ALTER COLUMN origin DROP DEFAULT, ALTER COLUMN created_at SET NOT NULL`);
    await runner.query(`
      CREATE TABLE known_host_rules (
        id uuid NOT NULL,
        kind text NOT NULL,
        hosts text NOT NULL,
        algorithm text NOT NULL,
        fingerprint text NOT NULL,
        public_key text NOT NULL,
        comment text NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT known_host_rules_pkey PRIMARY KEY (id)
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX known_host_rules_key ON known_host_rules (kind, hosts, fingerprint)',
    );
  }

  /** The engine before knew no rules: a key that only an authority vouched for has to be looked at by a person again. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_host_rules');
    await runner.query('DELETE FROM host_keys WHERE algorithm IS NULL');
    await runner.query(`UPDATE host_keys SET status = 'pending' WHERE status = 'certified'`);
    await runner.query(`
      UPDATE host_keys SET first_seen_at = coalesce(first_seen_at, created_at),
        last_seen_at = coalesce(last_seen_at, created_at)`);
    await runner.query(`
      ALTER TABLE host_keys
        DROP COLUMN public_key, DROP COLUMN origin, DROP COLUMN certificate, DROP COLUMN created_at,
        ALTER COLUMN algorithm SET NOT NULL,
        ALTER COLUMN first_seen_at SET NOT NULL,
        ALTER COLUMN last_seen_at SET NOT NULL`);
  }
}
