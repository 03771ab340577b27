import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import {
  type FieldsQuery,
  fieldsQuerySchema,
  type ApiKeyCreatedDto,
  apiKeyCreatedSchema,
  type ApiKeyDto,
  apiKeyInputSchema,
  apiKeySchema,
  apiKeyUpdateSchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { Allow, Describe, reading, toSparseDto, toSparsePage } from '../../platform/index.js';
import { apiKeyFields, toApiKeyDto } from './api-key.mapper.js';
import { ApiKeyService } from './api-key.service.js';

const toDate = (time: string | null): Date | null => (time === null ? null : new Date(time));

@Controller('api-keys')
export class ApiKeyController {
  constructor(private readonly keys: ApiKeyService) {}

  @Describe('Lists API keys', pageSchema(apiKeySchema))
  @Get()
  @Allow('admin', 'api')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<ApiKeyDto>> {
    return toSparsePage(await this.keys.list(reading(apiKeyFields, query)), apiKeyFields, query);
  }

  @Describe('One API key', apiKeySchema)
  @Get(':id')
  @Allow('admin', 'api')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<ApiKeyDto> {
    return toSparseDto(await this.keys.read(id, reading(apiKeyFields, query)), apiKeyFields, query.fields);
  }

  /** The one answer that shows the key. */
  @Describe('Makes an API key; its secret is in this answer alone', apiKeyCreatedSchema, {
    details: 'For senders the scope `ingest` is enough. Send the key as `Authorization: Bearer aiops_…`.',
  })
  @Post()
  @Allow('admin', 'api')
  async create(
    @Body({ schema: apiKeyInputSchema }) input: z.infer<typeof apiKeyInputSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiKeyCreatedDto> {
    const { expires_at: expires, ...rest } = input;
    const { key, secret } = await this.keys.create({ ...rest, expiresAt: toDate(expires) });
    void reply.header('Location', `/api/v1/api-keys/${key.id}`).header('Cache-Control', 'no-store');
    return { ...toApiKeyDto(key), key: secret };
  }

  @Describe('Changes an API key', apiKeySchema)
  @Patch(':id')
  @Allow('admin', 'api')
  async update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: apiKeyUpdateSchema }) input: z.infer<typeof apiKeyUpdateSchema>,
  ): Promise<ApiKeyDto> {
    const { expires_at: expires, ...rest } = input;
    const expiry = expires === undefined ? {} : { expiresAt: toDate(expires) };
    return toApiKeyDto(await this.keys.update(id, { ...rest, ...expiry }));
  }

  @Describe('Revokes an API key', null, { details: 'It counts no more from this moment on.' })
  @Delete(':id')
  @HttpCode(204)
  @Allow('admin', 'api')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.keys.remove(id);
  }
}
