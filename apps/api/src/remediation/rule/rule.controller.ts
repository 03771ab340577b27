import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  idSchema,
  listQuerySchema,
  ruleInputSchema,
  ruleSchema,
  ruleTestRequestSchema,
  type ListQuery,
  type PageDto,
  type RuleDto,
  type RuleInput,
  type RuleTestResult,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Allow, toPageDto } from '../../platform/index.js';
import { RuleTestService } from './rule-test.service.js';
import { toRuleDto } from './rule.mapper.js';
import { RuleService } from './rule.service.js';

const fields = Object.keys(ruleSchema.shape);

@Controller('rules')
export class RuleController {
  constructor(
    private readonly rules: RuleService,
    private readonly tester: RuleTestService,
  ) {}

  @Get()
  @Allow('viewer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<RuleDto>> {
    return toPageDto(await this.rules.list(query), toRuleDto, query, fields);
  }

  @Post('test')
  @HttpCode(200)
  @Allow('viewer')
  test(
    @Body({ schema: ruleTestRequestSchema }) body: z.infer<typeof ruleTestRequestSchema>,
  ): Promise<RuleTestResult> {
    return this.tester.test(body);
  }

  @Get(':id')
  @Allow('viewer')
  async get(@Param('id', { schema: idSchema }) id: string): Promise<RuleDto> {
    return toRuleDto(await this.rules.get(id));
  }

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

  @Put(':id')
  @Allow('engineer')
  async replace(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: ruleInputSchema }) input: RuleInput,
  ): Promise<RuleDto> {
    return toRuleDto(await this.rules.replace(id, input));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.rules.remove(id);
  }
}
