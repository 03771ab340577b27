import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  type FeatureFlagDto,
  type FeatureFlagInput,
  featureFlagInputSchema,
  featureFlagKeySchema,
  featureFlagSchema,
  type FeatureFlagUpdate,
  featureFlagUpdateSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentActor, type Actor } from '../http/access.js';
import { reading, toSparseDto } from '../http/fields.js';
import { toSparsePage } from '../http/page.js';
import { Describe } from '../openapi/describe.js';
import { featureFlagFields as fields, toFeatureFlagDto } from './flag.mapper.js';
import { FeatureFlagService } from './flag.service.js';

@Controller('feature-flags')
export class FeatureFlagController {
  constructor(private readonly flags: FeatureFlagService) {}

  @Describe('Lists feature flags', pageSchema(featureFlagSchema), {
    details: 'What is switched on for whom.',
  })
  @Get()
  @Allow('viewer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<FeatureFlagDto>> {
    return toSparsePage(await this.flags.list(reading(fields, query)), fields, query);
  }

  @Describe('One feature flag', featureFlagSchema)
  @Get(':key')
  @Allow('viewer')
  async get(
    @Param('key', { schema: featureFlagKeySchema }) key: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<FeatureFlagDto> {
    return toSparseDto(await this.flags.read(key, reading(fields, query)), fields, query.fields);
  }

  @Describe('Makes a feature flag', featureFlagSchema, {
    details: 'Its key is what code asks for. A percentage gives it to so many callers, always the same ones.',
  })
  @Post()
  @Allow('admin')
  async create(
    @Body({ schema: featureFlagInputSchema }) input: FeatureFlagInput,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FeatureFlagDto> {
    const flag = await this.flags.create(input, actor);
    void reply.header('Location', `/api/v1/feature-flags/${flag.key}`);
    return toFeatureFlagDto(flag);
  }

  @Describe('Changes a feature flag', featureFlagSchema, {
    details: 'It counts on every replica within a second. With `version`, only what was seen is changed.',
  })
  @Patch(':key')
  @Allow('admin')
  async update(
    @Param('key', { schema: featureFlagKeySchema }) key: string,
    @Body({ schema: featureFlagUpdateSchema }) update: FeatureFlagUpdate,
    @CurrentActor() actor: Actor,
  ): Promise<FeatureFlagDto> {
    return toFeatureFlagDto(await this.flags.update(key, update, actor));
  }

  @Describe('Removes a feature flag', null, { details: 'Whoever asks it then gets what holds without it.' })
  @Delete(':key')
  @HttpCode(204)
  @Allow('admin')
  async remove(
    @Param('key', { schema: featureFlagKeySchema }) key: string,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    await this.flags.remove(key, actor);
  }
}
