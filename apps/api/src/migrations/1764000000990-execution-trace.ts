import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ExecutionTrace1764000000990 implements MigrationInterface {
  name = 'ExecutionTrace1764000000990';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE executions ADD COLUMN trace jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE executions DROP COLUMN trace');
  }
}
