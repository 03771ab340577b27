import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Describe } from '../openapi/describe.js';
import type { z } from 'zod';
import {
  type FailedOperationDto,
  failedOperationListQuerySchema,
  failedOperationSchema,
  idSchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import { Allow, CurrentActor, type Actor } from '../http/access.js';
import { toPageDto } from '../http/page.js';
import { FailedOperationService, type FailedOperation } from './failed-operation.service.js';

const toDto = (operation: FailedOperation): FailedOperationDto => ({
  id: operation.id,
  operation: operation.operation,
  payload: operation.payload,
  error: operation.error,
  attempts: operation.attempts,
  status: operation.status,
  failed_at: operation.failedAt.toISOString(),
  handled_by: operation.handledBy,
  handled_at: operation.handledAt?.toISOString() ?? null,
});
const fields = Object.keys(failedOperationSchema.shape);

@Controller('failed-operations')
export class FailedOperationController {
  constructor(private readonly service: FailedOperationService) {}

  @Describe('Lists failed operations', pageSchema(failedOperationSchema))
  @Get()
  @Allow('engineer')
  async list(
    @Query({ schema: failedOperationListQuerySchema }) query: z.infer<typeof failedOperationListQuerySchema>,
  ): Promise<PageDto<FailedOperationDto>> {
    return toPageDto(await this.service.list(query), toDto, query, fields);
  }

  @Describe('One failed operation', failedOperationSchema)
  @Get(':id')
  @Allow('engineer')
  async get(@Param('id', { schema: idSchema }) id: string): Promise<FailedOperationDto> {
    return toDto(await this.service.get(id));
  }

  @Describe('Tries a failed operation again', failedOperationSchema)
  @Post(':id/retry')
  @HttpCode(200)
  @Allow('engineer')
  async retry(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<FailedOperationDto> {
    return toDto(await this.service.retry(id, actor));
  }

  @Describe('Discards a failed operation', failedOperationSchema)
  @Post(':id/discard')
  @HttpCode(200)
  @Allow('engineer')
  async discard(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<FailedOperationDto> {
    return toDto(await this.service.discard(id, actor));
  }
}
