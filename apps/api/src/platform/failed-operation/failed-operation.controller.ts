import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Describe } from '../openapi/describe.js';
import type { z } from 'zod';
import {
  type BulkRequest,
  bulkRequestSchema,
  type BulkResult,
  bulkResultSchema,
  type FailedOperationDto,
  failedOperationListQuerySchema,
  failedOperationSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import { Allow, CurrentActor, type Actor } from '../http/access.js';
import { reading, toSparseDto } from '../http/fields.js';
import { toSparsePage } from '../http/page.js';
import { failedOperationFields as fields, toFailedOperationDto } from './failed-operation.mapper.js';
import { FailedOperationService } from './failed-operation.service.js';

@Controller('failed-operations')
export class FailedOperationController {
  constructor(private readonly service: FailedOperationService) {}

  @Describe('Lists failed operations', pageSchema(failedOperationSchema), {
    details:
      'Background work that used up its attempts. Nothing is lost: it waits for somebody to try it again or discard it.',
  })
  @Get()
  @Allow('engineer')
  async list(
    @Query({ schema: failedOperationListQuerySchema }) query: z.infer<typeof failedOperationListQuerySchema>,
  ): Promise<PageDto<FailedOperationDto>> {
    return toSparsePage(await this.service.list(reading(fields, query)), fields, query);
  }

  @Describe('One failed operation', failedOperationSchema)
  @Get(':id')
  @Allow('engineer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<FailedOperationDto> {
    return toSparseDto(await this.service.read(id, reading(fields, query)), fields, query.fields);
  }

  @Describe('Tries a failed operation again', failedOperationSchema, { details: 'With all its attempts.' })
  @Post(':id/retry')
  @HttpCode(200)
  @Allow('engineer')
  async retry(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<FailedOperationDto> {
    return toFailedOperationDto(await this.service.retry(id, actor));
  }

  @Describe('Tries up to 1,000 failed operations again', bulkResultSchema, {
    details: 'Each by itself: `failed` says of every one that could not be sent again why.',
  })
  @Post('bulk/retry')
  @HttpCode(200)
  @Allow('engineer')
  retryMany(
    @Body({ schema: bulkRequestSchema }) { ids }: BulkRequest,
    @CurrentActor() actor: Actor,
  ): Promise<BulkResult> {
    return this.service.retryMany(ids, actor);
  }

  @Describe('Discards up to 1,000 failed operations', bulkResultSchema, {
    details: 'Each by itself: `failed` says of every one that could not be discarded why.',
  })
  @Post('bulk/discard')
  @HttpCode(200)
  @Allow('engineer')
  discardMany(
    @Body({ schema: bulkRequestSchema }) { ids }: BulkRequest,
    @CurrentActor() actor: Actor,
  ): Promise<BulkResult> {
    return this.service.discardMany(ids, actor);
  }

  @Describe('Discards a failed operation', failedOperationSchema, {
    details: 'It stays on the list as discarded, with who did it.',
  })
  @Post(':id/discard')
  @HttpCode(200)
  @Allow('engineer')
  async discard(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<FailedOperationDto> {
    return toFailedOperationDto(await this.service.discard(id, actor));
  }
}
