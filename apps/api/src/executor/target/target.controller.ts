import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type TargetDto,
  type TargetInput,
  targetInputSchema,
  targetSchema,
  type TargetTestResult,
  targetTestResultSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { Allow, Describe, reading, toSparseDto, toSparsePage } from '../../platform/index.js';
import { TargetTester } from './target-tester.service.js';
import { targetFields as fields, toTargetDto } from './target.mapper.js';
import { TargetService } from './target.service.js';

@Controller('targets')
export class TargetController {
  constructor(
    private readonly targets: TargetService,
    private readonly tester: TargetTester,
  ) {}

  @Describe('Lists targets', pageSchema(targetSchema))
  @Get()
  @Allow('viewer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<TargetDto>> {
    return toSparsePage(await this.targets.list(reading(fields, query)), fields, query);
  }

  @Describe('One target', targetSchema)
  @Get(':id')
  @Allow('viewer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<TargetDto> {
    return toSparseDto(await this.targets.read(id, reading(fields, query)), fields, query.fields);
  }

  @Describe('Makes a target', targetSchema, {
    details:
      'The first connection is made by `POST /targets/{id}/test`; it shows the host key, which a person has to accept before anything runs there.',
  })
  @Post()
  @Allow('engineer')
  async create(
    @Body({ schema: targetInputSchema }) input: TargetInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TargetDto> {
    const target = await this.targets.create(input);
    void reply.header('Location', `/api/v1/targets/${target.id}`);
    return toTargetDto({ ...target, hostKeyStatus: 'none' });
  }

  @Describe('Replaces a target', targetSchema, {
    details: 'With another host or port it is another machine: its host keys are forgotten.',
  })
  @Put(':id')
  @Allow('engineer')
  async replace(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: targetInputSchema }) input: TargetInput,
  ): Promise<TargetDto> {
    await this.targets.replace(id, input);
    return toSparseDto(await this.targets.read(id), fields, undefined);
  }

  @Describe('Removes a target', null)
  @Delete(':id')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.targets.remove(id);
  }

  /** Tries the connection stage by stage; the first that fails says what to do. */
  @Describe('Connects to a target and says how far it got', targetTestResultSchema, {
    details:
      'Name, port, host key, login and a command, one after the other; the first stage that fails says what to do.',
  })
  @Post(':id/test')
  @HttpCode(200)
  @Allow('engineer')
  test(@Param('id', { schema: idSchema }) id: string): Promise<TargetTestResult> {
    return this.tester.test(id);
  }
}
