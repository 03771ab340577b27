import { Injectable } from '@nestjs/common';
import { UserError, type Page, type Reads, type Sparse } from '../../platform/index.js';
import type { ExecutionOutcome } from './execution.request.js';
import { ExecutionRepository, type ExecutionListQuery } from './execution.repository.js';
import type { Execution } from './execution.types.js';

/** Questions about executions. */
@Injectable()
export class ExecutionReader {
  constructor(private readonly repository: ExecutionRepository) {}

  /** @throws UserError `not_found` */
  async get(id: string): Promise<Execution> {
    const execution = await this.repository.find(id);
    if (execution === null) throw UserError.notFound('execution', id);
    return execution;
  }

  /** Of one execution what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<Execution>> {
    const execution = await this.repository.read(id, reads);
    if (execution === null) throw UserError.notFound('execution', id);
    return execution;
  }

  list(query: ExecutionListQuery & Reads): Promise<Page<Sparse<Execution>>> {
    return this.repository.list(query);
  }

  /** All executions of an alert, newest first; dry runs are among them and say so. */
  forAlert(alertId: string): Promise<Execution[]> {
    return this.repository.forAlert(alertId);
  }

  /** How real runs for these alerts ended, newest first. Dry runs are never an outcome. */
  outcomesForAlerts(alertIds: string[]): Promise<ExecutionOutcome[]> {
    return this.repository.outcomesForAlerts(alertIds);
  }
}
