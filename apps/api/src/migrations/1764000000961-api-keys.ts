import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a key is for, who made it, from where it was last used, and which key took its place. */
export class ApiKeys1764000000961 implements MigrationInterface {
  name = 'ApiKeys1764000000961';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        ADD description text NOT NULL DEFAULT '',
        ADD last_used_from text,
        ADD created_by text,
        ADD maker_id uuid,
        ADD replaced_by uuid`);
    await runner.query('ALTER TABLE api_keys ALTER description DROP DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        DROP description, DROP last_used_from, DROP created_by, DROP maker_id, DROP replaced_by`);
  }
}
