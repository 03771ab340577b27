import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type RuleDto,
  type RuleInput,
  ruleInputSchema,
  ruleSchema,
  ruleTestRequestSchema,
  type RuleTestResult,
  ruleTestResultSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Allow, Describe, reading, toSparseDto, toSparsePage } from '../../platform/index.js';
import { RuleTestService } from './rule-test.service.js';
import { ruleFields, toRuleDto } from './rule.mapper.js';
import { RuleService } from './rule.service.js';

@Controller('rules')
export class RuleController {
  constructor(
    private readonly rules: RuleService,
    private readonly tester: RuleTestService,
  ) {}

  @Describe('Lists rules, in the order in which they are tried', pageSchema(ruleSchema), {
    details: 'The first enabled rule that matches an alert decides what is done about it.',
  })
  @Get()
  @Allow('viewer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<RuleDto>> {
    return toSparsePage(await this.rules.list(reading(ruleFields, query)), ruleFields, query);
  }

  @Describe('Which stored alerts a rule would match', ruleTestResultSchema, {
    details:
      'Tries the matchers on the newest stored alerts, and says for a runbook whether its own trigger would accept them. Nothing is stored or started.',
  })
  @Post('test')
  @HttpCode(200)
  @Allow('viewer', 'read')
  test(
    @Body({ schema: ruleTestRequestSchema }) body: z.infer<typeof ruleTestRequestSchema>,
  ): Promise<RuleTestResult> {
    return this.tester.test(body);
  }

  @Describe('One rule', ruleSchema)
  @Get(':id')
  @Allow('viewer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<RuleDto> {
    return toSparseDto(await this.rules.read(id, reading(ruleFields, query)), ruleFields, query.fields);
  }

  @Describe('Makes a rule', ruleSchema, {
    details:
      'All matchers must hold. `approve` and `auto` need a runbook; `suggest` finds one by the triggers of the runbooks. Patterns are RE2, anchored as in Prometheus.',
  })
  @Post()
  @Allow('engineer')
  async create(
    @Body({ schema: ruleInputSchema }) input: RuleInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RuleDto> {
    const rule = await this.rules.create(input);
    void reply.header('Location', `/api/v1/rules/${rule.id}`);
    return toRuleDto(rule);
  }

  @Describe('Replaces a rule', ruleSchema)
  @Put(':id')
  @Allow('engineer')
  async replace(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: ruleInputSchema }) input: RuleInput,
  ): Promise<RuleDto> {
    return toRuleDto(await this.rules.replace(id, input));
  }

  @Describe('Removes a rule', null)
  @Delete(':id')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.rules.remove(id);
  }
}
