import { Injectable } from '@nestjs/common';
import type { AuditExportQuery, AuditLogListQuery } from '@aiops/contracts';
import type { Page, Reads, Sparse } from '../../database/page.js';
import { UserError } from '../../errors/errors.js';
import { AuditLog } from '../audit-log.service.js';
import { toAuditEntryDto } from './audit-entry.mapper.js';
import { AuditReaderRepository, type AuditEntry } from './audit-reader.repository.js';
import { exportFormats } from './export.js';

const BATCH = 500;

/** The log as administrators look at it. */
@Injectable()
export class AuditReader {
  constructor(
    private readonly repository: AuditReaderRepository,
    private readonly audit: AuditLog,
  ) {}

  list(query: AuditLogListQuery & Reads): Promise<Page<Sparse<AuditEntry>>> {
    return this.repository.list(query);
  }

  /** Of one entry what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<AuditEntry>> {
    const found = await this.repository.read(id, reads);
    if (found === null) throw UserError.notFound('audit entry', id);
    return found;
  }

  /**
   * The entries that are there now and match, oldest first, in pieces of a file. Taking the log away is itself in the log;
   * that entry comes after those that are exported.
   */
  async export({ format, ...filter }: AuditExportQuery): Promise<AsyncIterable<string>> {
    const upTo = await this.repository.newest();
    // What the database cannot take must fail now: once a file has begun, all that can be done is to break it off.
    const first = await this.repository.batch(filter, { after: 0, upTo }, BATCH);
    const asked = Object.entries(filter).map(([name, value]) => `${name}=${String(value)}`);
    await this.audit.recordApart({
      action: 'audit_log.exported',
      subject: { kind: 'audit_log', id: null, name: format },
      reason: asked.length === 0 ? null : `Filter: ${asked.join(', ')}`,
    });
    return this.pieces(format, first, (after) => this.repository.batch(filter, { after, upTo }, BATCH));
  }

  private async *pieces(
    format: AuditExportQuery['format'],
    first: readonly AuditEntry[],
    next: (after: number) => Promise<readonly AuditEntry[]>,
  ): AsyncGenerator<string> {
    const { start, line } = exportFormats[format];
    if (start !== '') yield start;
    for (let batch = first; ;) {
      const last = batch.at(-1);
      if (last === undefined) return;
      yield batch.map((entry) => line(toAuditEntryDto(entry))).join('');
      batch = await next(Number(last.position));
    }
  }
}
