import { Injectable } from '@nestjs/common';
import { UserError } from '../../platform/index.js';
import { ParsedVersions } from './parsed-versions.js';
import { RunbookRepository, type StoredRunbook } from './runbook.repository.js';
import type { RunbookInfo } from './runbook.types.js';

/** Questions that other modules have about runbooks. Hidden runbooks are not there. */
@Injectable()
export class RunbookReader {
  constructor(
    private readonly repository: RunbookRepository,
    private readonly parsed: ParsedVersions,
  ) {}

  /** @throws UserError `not_found` */
  async get(id: string): Promise<RunbookInfo> {
    const record = await this.repository.find(id);
    if (record === null || record.deletedAt !== null) throw UserError.notFound('runbook', id);
    return this.info(record);
  }

  async exists(id: string): Promise<boolean> {
    const record = await this.repository.find(id);
    return record !== null && record.deletedAt === null;
  }

  async findByName(name: string): Promise<RunbookInfo | null> {
    const record = await this.repository.findByName(name);
    return record === null ? null : this.info(record);
  }

  /** All that are switched on, by name. */
  async enabled(): Promise<RunbookInfo[]> {
    return (await this.repository.enabled()).map((record) => this.info(record));
  }

  private info(record: StoredRunbook): RunbookInfo {
    return {
      id: record.id,
      name: record.name,
      version: record.version,
      enabled: record.enabled,
      runbook: this.parsed.get(record.versionId, record.yaml),
    };
  }
}
