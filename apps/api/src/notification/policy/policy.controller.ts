import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type PolicyDto,
  type PolicyInput,
  policyInputSchema,
  policySchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { Allow, Describe, toPageDto } from '../../platform/index.js';
import type { Policy } from './policy.repository.js';
import { PolicyService } from './policy.service.js';

const fields = Object.keys(policySchema.shape);

const toDto = (policy: Policy): PolicyDto => ({
  id: policy.id,
  name: policy.name,
  enabled: policy.enabled,
  severities: policy.severities,
  events: policy.events,
  channel_ids: policy.channelIds,
  created_at: policy.createdAt.toISOString(),
  updated_at: policy.updatedAt.toISOString(),
});

@Controller('notification-policies')
export class PolicyController {
  constructor(private readonly policies: PolicyService) {}

  @Describe('Lists policies', pageSchema(policySchema))
  @Get()
  @Allow('viewer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<PolicyDto>> {
    return toPageDto(await this.policies.list(query), toDto, query, fields);
  }

  @Describe('One policy', policySchema)
  @Get(':id')
  @Allow('viewer')
  async get(@Param('id', { schema: idSchema }) id: string): Promise<PolicyDto> {
    return toDto(await this.policies.get(id));
  }

  @Describe('Makes a policy', policySchema)
  @Post()
  @Allow('engineer')
  async create(
    @Body({ schema: policyInputSchema }) input: PolicyInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PolicyDto> {
    const policy = await this.policies.create(input);
    void reply.header('Location', `/api/v1/notification-policies/${policy.id}`);
    return toDto(policy);
  }

  @Describe('Replaces a policy', policySchema)
  @Put(':id')
  @Allow('engineer')
  async replace(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: policyInputSchema }) input: PolicyInput,
  ): Promise<PolicyDto> {
    return toDto(await this.policies.replace(id, input));
  }

  @Describe('Removes a policy', null)
  @Delete(':id')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.policies.remove(id);
  }
}
