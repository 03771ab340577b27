import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import {
  approveRequestSchema,
  type BulkResult,
  bulkResultSchema,
  cancelRequestSchema,
  executionBulkCancelSchema,
  type ExecutionDto,
  executionListQuerySchema,
  type ExecutionOutputDto,
  executionOutputQuerySchema,
  executionOutputSchema,
  executionSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type PageDto,
  pageSchema,
  rejectRequestSchema,
  resumeRequestSchema,
} from '@aiops/contracts';
import {
  type Actor,
  Allow,
  CurrentActor,
  Describe,
  reading,
  toSparseDto,
  toSparsePage,
} from '../../platform/index.js';
import { ExecutionControl } from './execution-control.service.js';
import { executionFields as fields, toExecutionDto, toOutputDto } from './execution.mapper.js';
import { ExecutionReader } from './execution.reader.js';
import { OutputReader } from './output/output.reader.js';

const approveBody = approveRequestSchema.optional().transform((body) => body ?? {});
const rejectBody = rejectRequestSchema.optional().transform((body) => body ?? {});
const cancelBody = cancelRequestSchema.optional().transform((body) => body ?? {});

@Controller('executions')
export class ExecutionController {
  constructor(
    private readonly reader: ExecutionReader,
    private readonly control: ExecutionControl,
    private readonly outputs: OutputReader,
  ) {}

  @Describe('Lists executions', pageSchema(executionSchema))
  @Get()
  @Allow('viewer')
  async list(
    @Query({ schema: executionListQuerySchema }) query: z.infer<typeof executionListQuerySchema>,
  ): Promise<PageDto<ExecutionDto>> {
    return toSparsePage(await this.reader.list(reading(fields, query)), fields, query);
  }

  @Describe('One execution', executionSchema)
  @Get(':id')
  @Allow('viewer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<ExecutionDto> {
    return toSparseDto(await this.reader.read(id, reading(fields, query)), fields, query.fields);
  }

  @Describe('Output of the steps, in chunks', executionOutputSchema)
  @Get(':id/output')
  @Allow('viewer')
  async output(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: executionOutputQuerySchema }) query: z.infer<typeof executionOutputQuerySchema>,
  ): Promise<ExecutionOutputDto> {
    return toOutputDto(await this.outputs.read(id, query.after, query.limit), query.after);
  }

  @Describe('Approves the plan, or the step that waits', executionSchema)
  @Post(':id/approve')
  @HttpCode(200)
  @Allow('responder', 'approve')
  async approve(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: approveBody }) body: z.infer<typeof approveBody>,
    @CurrentActor() actor: Actor,
  ): Promise<ExecutionDto> {
    return toExecutionDto(await this.control.approve(id, body, actor));
  }

  @Describe('Declines what waits for approval', executionSchema)
  @Post(':id/reject')
  @HttpCode(200)
  @Allow('responder', 'approve')
  async reject(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: rejectBody }) body: z.infer<typeof rejectBody>,
    @CurrentActor() actor: Actor,
  ): Promise<ExecutionDto> {
    return toExecutionDto(await this.control.reject(id, body.reason, actor));
  }

  @Describe('Asks for a stop', executionSchema)
  @Post(':id/cancel')
  @HttpCode(200)
  @Allow('responder', 'run')
  async cancel(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: cancelBody }) body: z.infer<typeof cancelBody>,
    @CurrentActor() actor: Actor,
  ): Promise<ExecutionDto> {
    return toExecutionDto(await this.control.cancel(id, body.reason, actor));
  }

  @Describe('Asks for a stop of up to 1,000 executions', bulkResultSchema, {
    details: 'What has ended already comes back as failed with the reason, and holds up none of the others.',
  })
  @Post('bulk/cancel')
  @HttpCode(200)
  @Allow('responder', 'run')
  cancelMany(
    @Body({ schema: executionBulkCancelSchema }) { ids, reason }: z.infer<typeof executionBulkCancelSchema>,
    @CurrentActor() actor: Actor,
  ): Promise<BulkResult> {
    return this.control.cancelMany(ids, reason, actor);
  }

  @Describe('Goes on after an interruption: run the step again, skip it, or end', executionSchema)
  @Post(':id/resume')
  @HttpCode(200)
  @Allow('responder', 'run')
  async resume(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: resumeRequestSchema }) body: z.infer<typeof resumeRequestSchema>,
    @CurrentActor() actor: Actor,
  ): Promise<ExecutionDto> {
    return toExecutionDto(await this.control.resume(id, body, actor));
  }
}
