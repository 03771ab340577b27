import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import {
  type FieldsQuery,
  fieldsQuerySchema,
  type ApiKeyCreatedDto,
  apiKeyCreatedSchema,
  type ApiKeyDto,
  apiKeyInputSchema,
  apiKeyRotationSchema,
  apiKeySchema,
  apiKeyUpdateSchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import {
  type Actor,
  Allow,
  Clock,
  CurrentActor,
  Describe,
  reading,
  toSparseDto,
  toSparsePage,
} from '../../platform/index.js';
import { apiKeyFields, toApiKeyDto } from './api-key.mapper.js';
import type { ApiKey } from './api-key.repository.js';
import { ApiKeyService } from './api-key.service.js';

const toDate = (time: string | null): Date | null => (time === null ? null : new Date(time));

const rotationBody = apiKeyRotationSchema.optional().transform((body) => body ?? { grace_hours: 24 });
type Rotation = z.infer<typeof apiKeyRotationSchema>;

@Controller('api-keys')
export class ApiKeyController {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly clock: Clock,
  ) {}

  @Describe('Lists API keys', pageSchema(apiKeySchema))
  @Get()
  @Allow('admin', 'api')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<ApiKeyDto>> {
    const fields = apiKeyFields(this.clock.now());
    return toSparsePage(await this.keys.list(reading(fields, query)), fields, query);
  }

  @Describe('One API key', apiKeySchema)
  @Get(':id')
  @Allow('admin', 'api')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<ApiKeyDto> {
    const fields = apiKeyFields(this.clock.now());
    return toSparseDto(await this.keys.read(id, reading(fields, query)), fields, query.fields);
  }

  /** The one answer that shows the key. */
  @Describe('Makes an API key; its secret is in this answer alone', apiKeyCreatedSchema, {
    details: 'For senders the scope `ingest` is enough. Send the key as `Authorization: Bearer aiops_…`.',
  })
  @Post()
  @Allow('admin', 'api')
  async create(
    @Body({ schema: apiKeyInputSchema }) input: z.infer<typeof apiKeyInputSchema>,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiKeyCreatedDto> {
    const { expires_at: expires, ...rest } = input;
    return this.shown(await this.keys.create({ ...rest, expiresAt: toDate(expires) }, actor), reply);
  }

  @Describe('Makes a successor; the old key works on for a while', apiKeyCreatedSchema, {
    details: 'The new key has the name, role and scopes of the old one. Its secret is in this answer alone.',
  })
  @Post(':id/rotate')
  @Allow('admin', 'api')
  async rotate(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: rotationBody }) { grace_hours: graceHours, expires_at: expires }: Rotation,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiKeyCreatedDto> {
    const expiresAt = expires === undefined ? undefined : toDate(expires);
    return this.shown(await this.keys.rotate(id, { graceHours, expiresAt }, actor), reply);
  }

  @Describe('Changes an API key', apiKeySchema)
  @Patch(':id')
  @Allow('admin', 'api')
  async update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: apiKeyUpdateSchema }) input: z.infer<typeof apiKeyUpdateSchema>,
    @CurrentActor() actor: Actor,
  ): Promise<ApiKeyDto> {
    const { expires_at: expires, ...rest } = input;
    const expiry = expires === undefined ? {} : { expiresAt: toDate(expires) };
    return toApiKeyDto(await this.keys.update(id, { ...rest, ...expiry }, actor), this.clock.now());
  }

  @Describe('Revokes an API key', null, { details: 'It counts no more from this moment on.' })
  @Delete(':id')
  @HttpCode(204)
  @Allow('admin', 'api')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.keys.remove(id);
  }

  private shown({ key, secret }: { key: ApiKey; secret: string }, reply: FastifyReply): ApiKeyCreatedDto {
    void reply.header('Location', `/api/v1/api-keys/${key.id}`).header('Cache-Control', 'no-store');
    return { ...toApiKeyDto(key, this.clock.now()), key: secret };
  }
}
