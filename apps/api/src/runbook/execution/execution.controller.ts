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

  @Describe('Lists executions', pageSchema(executionSchema), {
    details:
      'Newest first. `fields=id,status,runbook,target` spares the plans and steps, which are most of it.',
  })
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

  @Describe('Output of the steps, in chunks', executionOutputSchema, {
    details:
      'To follow a run, ask again with `after` = `next_offset`; the same offset works after a broken connection. `execution.output` on the socket has the same chunks.',
  })
  @Get(':id/output')
  @Allow('viewer')
  async output(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: executionOutputQuerySchema }) query: z.infer<typeof executionOutputQuerySchema>,
  ): Promise<ExecutionOutputDto> {
    return toOutputDto(await this.outputs.read(id, query.after, query.limit), query.after);
  }

  @Describe('Approves the plan, or the step that waits', executionSchema, {
    details:
      'With `plan_hash` only the plan that was seen is approved. When targets or the runbook changed since it was made, the approval is refused.',
  })
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

  @Describe('Declines what waits for approval', executionSchema, {
    details: 'The execution ends as `rejected`; the reason is shown to all.',
  })
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

  @Describe('Asks for a stop', executionSchema, {
    details: 'The step that runs is ended, the rest does not start. What has ended already is a conflict.',
  })
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

  @Describe('Goes on after an interruption: run the step again, skip it, or end', executionSchema, {
    details:
      'For executions in `needs_attention`: the worker died while a step was running, and the engine does not know how far it came.',
  })
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
