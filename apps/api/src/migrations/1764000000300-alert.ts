import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Alert1764000000300 implements MigrationInterface {
  name = 'Alert1764000000300';

  async up(runner: QueryRunner): Promise<void> {
    // Room in each page for the new version of a row that repeats.
    await runner.query(`
      CREATE TABLE alerts (
        id uuid NOT NULL,
        fingerprint text NOT NULL,
        source text NOT NULL,
        alert_name text NOT NULL,
        severity text NOT NULL,
        severity_rank smallint NOT NULL,
        status text NOT NULL,
        labels jsonb NOT NULL,
        annotations jsonb NOT NULL,
        generator_url text,
        extras jsonb NOT NULL,
        truncated_alerts integer NOT NULL,
        content_hash text NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz,
        last_received_at timestamptz NOT NULL,
        occurrences integer NOT NULL,
        expires_at timestamptz,
        expiry_is_timeout boolean NOT NULL,
        check_at timestamptz,
        acknowledged_by text,
        acknowledged_at timestamptz,
        resolved_at timestamptz,
        remediation text NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT alerts_pkey PRIMARY KEY (id)
      ) WITH (fillfactor = 80)`);
    await runner.query(
      `CREATE UNIQUE INDEX alerts_one_open ON alerts (fingerprint) WHERE status <> 'resolved'`,
    );
    // The open episode of a fingerprint comes first, then the newest resolved one.
    await runner.query(
      'CREATE INDEX alerts_by_fingerprint ON alerts (fingerprint, resolved_at DESC NULLS FIRST)',
    );
    await runner.query('CREATE INDEX alerts_by_start ON alerts (starts_at, id)');
    await runner.query('CREATE INDEX alerts_by_severity ON alerts (severity_rank, id)');
    await runner.query('CREATE INDEX alerts_labels ON alerts USING gin (labels jsonb_path_ops)');
    await runner.query(
      `CREATE INDEX alerts_to_check ON alerts (check_at) WHERE status <> 'resolved' AND check_at IS NOT NULL`,
    );
    await runner.query(`
      CREATE TABLE alert_timeline (
        id uuid NOT NULL,
        alert_id uuid NOT NULL,
        at timestamptz NOT NULL,
        kind text NOT NULL,
        actor_kind text NOT NULL,
        actor_id text,
        actor_name text NOT NULL,
        summary text NOT NULL,
        details jsonb NOT NULL,
        CONSTRAINT alert_timeline_pkey PRIMARY KEY (id),
        CONSTRAINT alert_timeline_alert_fkey FOREIGN KEY (alert_id) REFERENCES alerts (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX alert_timeline_by_alert ON alert_timeline (alert_id, at, id)');
    await runner.query(`
      CREATE TABLE ingest_mappings (
        id uuid NOT NULL,
        source text NOT NULL,
        mapping jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT ingest_mappings_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX ingest_mappings_source ON ingest_mappings (source)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ingest_mappings');
    await runner.query('DROP TABLE alert_timeline');
    await runner.query('DROP TABLE alerts');
  }
}
