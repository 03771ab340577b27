import { Injectable } from '@nestjs/common';
import { ExecutionReader } from '../execution.reader.js';
import { OutputRepository } from './output.repository.js';
import type { OutputChunk } from './output.types.js';

/** Output of executions, for whoever reads on from where they were. */
@Injectable()
export class OutputReader {
  constructor(
    private readonly repository: OutputRepository,
    private readonly executions: ExecutionReader,
  ) {}

  /** @throws UserError `not_found` */
  async read(
    executionId: string,
    after: number,
    limit: number,
  ): Promise<{ chunks: OutputChunk[]; hasMore: boolean }> {
    const page = await this.repository.read(executionId, after, limit);
    if (page.chunks.length === 0) await this.executions.get(executionId);
    return page;
  }
}
