import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  type ExecuteRequest,
  executeRequestSchema,
  type ExecutionDto,
  executionSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type RunbookDto,
  runbookInputSchema,
  runbookListQuerySchema,
  runbookSchema,
  type RunbookValidationDto,
  runbookValidationSchema,
  type RunbookVersionDto,
  runbookVersionSchema,
} from '@aiops/contracts';
import { parseRunbook } from '@aiops/runbook-format';
import {
  type Actor,
  Allow,
  CurrentActor,
  Describe,
  reading,
  toSparseDto,
  toSparsePage,
} from '../../platform/index.js';
import { toExecutionDto } from '../execution/execution.mapper.js';
import { ExecutionService } from '../execution/execution.service.js';
import { runbookFields, toRunbookDto, versionFields } from './runbook.mapper.js';
import { RunbookService } from './runbook.service.js';

const versionNumber = z.coerce.number().int().min(1);
type Input = z.infer<typeof runbookInputSchema>;

@Controller('runbooks')
export class RunbookController {
  constructor(
    private readonly runbooks: RunbookService,
    private readonly executions: ExecutionService,
  ) {}

  @Describe('Lists runbooks', pageSchema(runbookSchema))
  @Get()
  @Allow('viewer')
  async list(
    @Query({ schema: runbookListQuerySchema }) query: z.infer<typeof runbookListQuerySchema>,
  ): Promise<PageDto<RunbookDto>> {
    return toSparsePage(await this.runbooks.list(reading(runbookFields, query)), runbookFields, query);
  }

  @Describe('Makes a runbook', runbookSchema, {
    yaml: true,
    details:
      'Send the YAML itself as `application/yaml`, or in JSON as `yaml`. A text with faults is refused, and `errors` has line and column of each.',
  })
  @Post()
  @Allow('engineer')
  async create(
    @Body({ schema: runbookInputSchema }) { yaml }: Input,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunbookDto> {
    const runbook = await this.runbooks.create(yaml, actor);
    void reply.header('Location', `/api/v1/runbooks/${runbook.id}`);
    return toRunbookDto(runbook);
  }

  @Describe('Checks a runbook; every error with line and column', runbookValidationSchema, {
    yaml: true,
    details: 'Stores nothing. `docs/runbook-format.md` describes the format.',
  })
  @Post('validate')
  @HttpCode(200)
  @Allow('viewer', 'read')
  validate(@Body({ schema: runbookInputSchema }) { yaml }: Input): RunbookValidationDto {
    const { runbook, errors, warnings } = parseRunbook(yaml);
    const place = ({ line, column, message }: { line: number; column: number; message: string }) => ({
      line,
      column,
      message,
    });
    return { valid: runbook !== null, errors: errors.map(place), warnings: warnings.map(place) };
  }

  @Describe('One runbook', runbookSchema)
  @Get(':id')
  @Allow('viewer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<RunbookDto> {
    const runbook = await this.runbooks.read(id, reading(runbookFields, query));
    return toSparseDto(runbook, runbookFields, query.fields);
  }

  @Describe('Replaces a runbook', runbookSchema, {
    yaml: true,
    details: 'Adds a version; running executions go on with theirs. The same text again changes nothing.',
  })
  @Put(':id')
  @Allow('engineer')
  async replace(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: runbookInputSchema }) { yaml }: Input,
    @CurrentActor() actor: Actor,
  ): Promise<RunbookDto> {
    return toRunbookDto(await this.runbooks.replace(id, yaml, actor));
  }

  @Describe('Removes a runbook', null, {
    details: 'Nothing starts it any more. Its executions and versions stay.',
  })
  @Delete(':id')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.runbooks.remove(id);
  }

  @Describe('Switches a runbook on', runbookSchema, { details: 'Rules and people can start it again.' })
  @Post(':id/enable')
  @HttpCode(200)
  @Allow('engineer')
  async enable(@Param('id', { schema: idSchema }) id: string): Promise<RunbookDto> {
    return toRunbookDto(await this.runbooks.setEnabled(id, true));
  }

  @Describe('Switches a runbook off: nothing can start it', runbookSchema)
  @Post(':id/disable')
  @HttpCode(200)
  @Allow('engineer')
  async disable(@Param('id', { schema: idSchema }) id: string): Promise<RunbookDto> {
    return toRunbookDto(await this.runbooks.setEnabled(id, false));
  }

  @Describe('Versions of a runbook, newest first', pageSchema(runbookVersionSchema), {
    details: 'Every saved text is a version, and none ever changes.',
  })
  @Get(':id/versions')
  @Allow('viewer')
  async versions(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listQuerySchema }) query: ListQuery,
  ): Promise<PageDto<RunbookVersionDto>> {
    const page = await this.runbooks.versions(id, reading(versionFields, query));
    return toSparsePage(page, versionFields, query);
  }

  @Describe('One version of a runbook', runbookVersionSchema)
  @Get(':id/versions/:version')
  @Allow('viewer')
  async version(
    @Param('id', { schema: idSchema }) id: string,
    @Param('version', { schema: versionNumber }) version: number,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<RunbookVersionDto> {
    const found = await this.runbooks.version(id, version, reading(versionFields, query));
    return toSparseDto(found, versionFields, query.fields);
  }

  @Describe('Starts a runbook, or asks for its approval', executionSchema, {
    details:
      'Poll the execution that is answered, or listen for `execution.updated`. It waits for approval when the runbook demands it. With `dry_run` only the plan is made: what would run, where and with which commands. Refused with the reason while a cooldown, an hourly cap or the open breaker of the runbook says no.',
  })
  @Post(':id/execute')
  @HttpCode(202)
  @Allow('responder', 'run')
  async execute(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: executeRequestSchema.optional() }) body: ExecuteRequest = {},
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecutionDto> {
    const execution = await this.executions.request({
      runbookId: id,
      alertId: body.alert_id,
      targetIds: body.target_ids,
      parameters: body.parameters,
      dryRun: body.dry_run,
      trigger: 'manual',
      approval: 'none',
      actor,
    });
    void reply.header('Location', `/api/v1/executions/${execution.id}`);
    return toExecutionDto(execution);
  }
}
