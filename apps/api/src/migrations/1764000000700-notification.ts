import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notification1764000000700 implements MigrationInterface {
  name = 'Notification1764000000700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notification_channels (
        id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        enabled boolean NOT NULL,
        config jsonb NOT NULL,
        secrets_key_id text,
        secrets_sealed text,
        last_delivery_at timestamptz,
        last_error text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT notification_channels_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX notification_channels_name ON notification_channels (name)');
    await runner.query(`
      CREATE TABLE notification_policies (
        id uuid NOT NULL,
        name text NOT NULL,
        enabled boolean NOT NULL,
        severities jsonb NOT NULL,
        events jsonb NOT NULL,
        channel_ids jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT notification_policies_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX notification_policies_name ON notification_policies (name)');
    await runner.query(`
      CREATE TABLE notifications (
        id uuid NOT NULL,
        channel_id uuid NOT NULL,
        channel_name text NOT NULL,
        dedup_key text NOT NULL,
        event text NOT NULL,
        message jsonb NOT NULL,
        alert_id uuid,
        execution_id uuid,
        status text NOT NULL,
        attempts integer NOT NULL,
        last_error text,
        created_at timestamptz NOT NULL,
        delivered_at timestamptz,
        CONSTRAINT notifications_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX notifications_dedup ON notifications (channel_id, dedup_key)');
    await runner.query('CREATE INDEX notifications_by_time ON notifications (created_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notifications');
    await runner.query('DROP TABLE notification_policies');
    await runner.query('DROP TABLE notification_channels');
  }
}
