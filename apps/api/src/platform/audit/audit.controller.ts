import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { z } from 'zod';
import {
  type AuditEntryDto,
  auditEntrySchema,
  type AuditExportQuery,
  auditExportQuerySchema,
  type AuditLogListQuery,
  auditLogListQuerySchema,
  type AuditVerificationDto,
  auditVerificationSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import { Allow } from '../http/access.js';
import { reading, toSparseDto } from '../http/fields.js';
import { toSparsePage } from '../http/page.js';
import { Describe } from '../openapi/describe.js';
import { AuditVerifier } from './chain/audit-verifier.service.js';
import { verificationFields } from './chain/verification.mapper.js';
import { auditEntryFields } from './reading/audit-entry.mapper.js';
import { AuditReader } from './reading/audit-reader.service.js';
import { exportFormats } from './reading/export.js';

@Controller('audit-log')
export class AuditController {
  constructor(
    private readonly reader: AuditReader,
    private readonly verifier: AuditVerifier,
  ) {}

  @Describe('Who did what to what, newest first', pageSchema(auditEntrySchema))
  @Get()
  @Allow('admin')
  async list(
    @Query({ schema: auditLogListQuerySchema }) query: AuditLogListQuery,
  ): Promise<PageDto<AuditEntryDto>> {
    return toSparsePage(await this.reader.list(reading(auditEntryFields, query)), auditEntryFields, query);
  }

  @Describe('The audit log as a file, oldest entry first', z.string(), {
    details:
      'Takes the filters of the list. In CSV a cell that a spreadsheet would take for a formula has an apostrophe in front; `jsonl` has the values as they are. The export itself is recorded.',
  })
  @ApiProduces('text/csv', 'application/jsonl')
  @Get('export')
  @Allow('admin')
  async export(@Query({ schema: auditExportQuerySchema }) query: AuditExportQuery): Promise<StreamableFile> {
    const pieces = await this.reader.export(query);
    return new StreamableFile(Readable.from(pieces), {
      type: exportFormats[query.format].contentType,
      disposition: `attachment; filename="audit-log.${query.format}"`,
    });
  }

  @Describe('Whether the audit log is what was written', auditVerificationSchema, {
    details: 'Reads the whole log; the answer is at most a minute old. See docs/audit-log.md.',
  })
  @Get('verification')
  @Allow('admin')
  async verification(
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<AuditVerificationDto> {
    return toSparseDto(await this.verifier.latest(), verificationFields, query.fields);
  }

  @Describe('One entry of the audit log', auditEntrySchema)
  @Get(':id')
  @Allow('admin')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<AuditEntryDto> {
    const entry = await this.reader.read(id, reading(auditEntryFields, query));
    return toSparseDto(entry, auditEntryFields, query.fields);
  }
}
