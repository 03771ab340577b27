import type { MigrationInterface, QueryRunner } from 'typeorm';

const content = `
  id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  action text NOT NULL,
  outcome text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  actor_name text NOT NULL,
  subject_kind text NOT NULL,
  subject_id text,
  subject_name text,
  reason text,
  before json,
  after json,
  remote_address text,
  user_agent text,
  trace_id text`;

/**
 * The audit log, a chain of hashes: docs/audit-log.md says what is hashed and what that is good for.
 *
 * An entry gets its place in the chain when its transaction commits and not before: until then it waits in
 * `audit_intake`, whose deferred trigger moves it. Only then the one row of `audit_head` is locked, as the last lock of
 * the transaction. So nobody holds it while they work, and it cannot be part of a deadlock.
 */
export class AuditLog1764000000900 implements MigrationInterface {
  name = 'AuditLog1764000000900';

  async up(runner: QueryRunner): Promise<void> {
    await this.createTables(runner);
    await this.createCanonicalForm(runner);
    await this.createChain(runner);
    await this.createGuards(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_intake, audit_log, audit_head CASCADE');
    await runner.query(
      'DROP FUNCTION audit_settle, audit_link, audit_advance, audit_head_guard, audit_refuse, audit_field',
    );
  }

  private async createTables(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_log (
        ${content},
        position bigint NOT NULL,
        previous_hash text NOT NULL,
        hash text NOT NULL,
        CONSTRAINT audit_log_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX audit_log_position ON audit_log (position)');
    await runner.query('CREATE INDEX audit_log_by_time ON audit_log (occurred_at, id)');
    await runner.query('CREATE INDEX audit_log_by_subject ON audit_log (subject_id, position)');
    await runner.query('CREATE INDEX audit_log_by_actor ON audit_log (actor_id, position)');
    await runner.query('CREATE INDEX audit_log_by_trace ON audit_log (trace_id)');
    // Empty outside of transactions, so nothing of it has to survive a crash.
    await runner.query(`CREATE UNLOGGED TABLE audit_intake (${content}, PRIMARY KEY (id))`);
    await runner.query(`
      CREATE TABLE audit_head (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        position bigint NOT NULL,
        hash text NOT NULL
      )`);
    await runner.query(`INSERT INTO audit_head (position, hash) VALUES (0, repeat('0', 64))`);
  }

  private async createCanonicalForm(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION audit_field(name text, value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT name || '=' || coalesce(octet_length(convert_to(value, 'UTF8')) || ':' || value, '-') || E'\\n'
      $$`);
    await runner.query(`
      CREATE FUNCTION audit_canonical(entry audit_log) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT E'aiops-audit-1\\n'
          || audit_field('position', entry.position::text)
          || audit_field('previous_hash', entry.previous_hash)
          || audit_field('id', entry.id::text)
          || audit_field('occurred_at',
               to_char(entry.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
          || audit_field('action', entry.action)
          || audit_field('outcome', entry.outcome)
          || audit_field('actor_kind', entry.actor_kind)
          || audit_field('actor_id', entry.actor_id)
          || audit_field('actor_name', entry.actor_name)
          || audit_field('subject_kind', entry.subject_kind)
          || audit_field('subject_id', entry.subject_id)
          || audit_field('subject_name', entry.subject_name)
          || audit_field('reason', entry.reason)
          || audit_field('before', entry.before::text)
          || audit_field('after', entry.after::text)
          || audit_field('remote_address', entry.remote_address)
          || audit_field('user_agent', entry.user_agent)
          || audit_field('trace_id', entry.trace_id)
      $$`);
  }

  private async createChain(runner: QueryRunner): Promise<void> {
    // Whatever is inserted is chained here, whoever inserts it.
    await runner.query(`
      CREATE FUNCTION audit_link() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE head audit_head;
      BEGIN
        SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
        NEW.position := head.position + 1;
        NEW.previous_hash := head.hash;
        NEW.hash := encode(sha256(convert_to(audit_canonical(NEW), 'UTF8')), 'hex');
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_log_link BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_link()`);
    await runner.query(`
      CREATE FUNCTION audit_advance() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE audit_head SET position = NEW.position, hash = NEW.hash;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_log_advance AFTER INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_advance()`);
    await runner.query(`
      CREATE FUNCTION audit_settle() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO audit_log (id, occurred_at, action, outcome, actor_kind, actor_id, actor_name,
          subject_kind, subject_id, subject_name, reason, before, after, remote_address, user_agent, trace_id)
        VALUES (NEW.id, NEW.occurred_at, NEW.action, NEW.outcome, NEW.actor_kind, NEW.actor_id, NEW.actor_name,
          NEW.subject_kind, NEW.subject_id, NEW.subject_name, NEW.reason, NEW.before, NEW.after,
          NEW.remote_address, NEW.user_agent, NEW.trace_id);
        DELETE FROM audit_intake WHERE id = NEW.id;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE CONSTRAINT TRIGGER audit_intake_settle AFTER INSERT ON audit_intake
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_settle()`);
  }

  private async createGuards(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'The audit log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_log_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()`);
    await runner.query(`
      CREATE TRIGGER audit_head_refuse BEFORE INSERT OR DELETE OR TRUNCATE ON audit_head
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()`);
    await runner.query(`
      CREATE FUNCTION audit_head_guard() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM audit_log WHERE position = NEW.position AND hash = NEW.hash
          AND previous_hash = OLD.hash AND NEW.position = OLD.position + 1;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'The head of the audit log follows its newest entry and nothing else'
            USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_head_guard BEFORE UPDATE ON audit_head
        FOR EACH ROW EXECUTE FUNCTION audit_head_guard()`);
    // Also while triggers are off for replication (`session_replication_role = replica`).
    await runner.query('ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_refuse');
    await runner.query('ALTER TABLE audit_head ENABLE ALWAYS TRIGGER audit_head_refuse');
  }
}
