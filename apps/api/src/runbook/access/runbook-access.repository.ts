import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../platform/index.js';
import type { RunbookAccess } from './access-rules.js';
import { RunbookAccessEntity } from './runbook-access.entity.js';

/** Settings that somebody made. */
export type SetAccess = RunbookAccess & { updatedBy: string; updatedAt: Date };

@Injectable()
export class RunbookAccessRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** Null while nobody has set anything. */
  async find(runbookId: string): Promise<SetAccess | null> {
    const row = await this.session.manager.findOneBy(RunbookAccessEntity, { runbookId });
    if (row === null) return null;
    const { risk, selfApproval, updatedBy, updatedAt } = row;
    return {
      risk,
      run: { role: row.runRole, userIds: row.runUsers },
      approve: { role: row.approveRole, userIds: row.approveUsers },
      selfApproval,
      updatedBy,
      updatedAt,
    };
  }

  async save(runbookId: string, { run, approve, ...rest }: SetAccess): Promise<void> {
    await this.session.manager.upsert(
      RunbookAccessEntity,
      {
        runbookId,
        runRole: run.role,
        runUsers: run.userIds,
        approveRole: approve.role,
        approveUsers: approve.userIds,
        ...rest,
      },
      ['runbookId'],
    );
  }
}
