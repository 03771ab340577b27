import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  type FieldsQuery,
  fieldsQuerySchema,
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
import {
  Allow,
  Describe,
  type Fields,
  fieldsOf,
  mapperOf,
  reading,
  toSparseDto,
  toSparsePage,
} from '../../platform/index.js';
import type { Policy } from './policy.repository.js';
import { PolicyService } from './policy.service.js';

const { same, time } = fieldsOf<Policy>();
const policyFields: Fields<Policy, PolicyDto> = {
  id: same('id'),
  name: same('name'),
  enabled: same('enabled'),
  severities: same('severities'),
  events: same('events'),
  channel_ids: same('channelIds'),
  created_at: time('createdAt'),
  updated_at: time('updatedAt'),
};
const toDto = mapperOf(policyFields);

@Controller('notification-policies')
export class PolicyController {
  constructor(private readonly policies: PolicyService) {}

  @Describe('Lists policies', pageSchema(policySchema))
  @Get()
  @Allow('viewer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<PolicyDto>> {
    return toSparsePage(await this.policies.list(reading(policyFields, query)), policyFields, query);
  }

  @Describe('One policy', policySchema)
  @Get(':id')
  @Allow('viewer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<PolicyDto> {
    return toSparseDto(
      await this.policies.read(id, reading(policyFields, query)),
      policyFields,
      query.fields,
    );
  }

  @Describe('Makes a policy', policySchema, {
    details: 'Messages of these events go to these channels; no severities means all of them.',
  })
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
