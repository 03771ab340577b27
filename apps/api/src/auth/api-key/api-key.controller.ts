import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import {
  apiKeyInputSchema,
  apiKeySchema,
  apiKeyUpdateSchema,
  idSchema,
  listQuerySchema,
  type ApiKeyCreatedDto,
  type ApiKeyDto,
  type ListQuery,
  type PageDto,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { Allow, toPageDto } from '../../platform/index.js';
import { toApiKeyDto } from './api-key.mapper.js';
import { ApiKeyService } from './api-key.service.js';

const fields = Object.keys(apiKeySchema.shape);
const toDate = (time: string | null): Date | null => (time === null ? null : new Date(time));

@Controller('api-keys')
export class ApiKeyController {
  constructor(private readonly keys: ApiKeyService) {}

  @Get()
  @Allow('admin')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<ApiKeyDto>> {
    return toPageDto(await this.keys.list(query), toApiKeyDto, query, fields);
  }

  @Get(':id')
  @Allow('admin')
  async get(@Param('id', { schema: idSchema }) id: string): Promise<ApiKeyDto> {
    return toApiKeyDto(await this.keys.get(id));
  }

  /** The one answer that shows the key. */
  @Post()
  @Allow('admin')
  async create(
    @Body({ schema: apiKeyInputSchema }) input: z.infer<typeof apiKeyInputSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiKeyCreatedDto> {
    const { expires_at: expires, ...rest } = input;
    const { key, secret } = await this.keys.create({ ...rest, expiresAt: toDate(expires) });
    void reply.header('Location', `/api/v1/api-keys/${key.id}`).header('Cache-Control', 'no-store');
    return { ...toApiKeyDto(key), key: secret };
  }

  @Patch(':id')
  @Allow('admin')
  async update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: apiKeyUpdateSchema }) input: z.infer<typeof apiKeyUpdateSchema>,
  ): Promise<ApiKeyDto> {
    const { expires_at: expires, ...rest } = input;
    const expiry = expires === undefined ? {} : { expiresAt: toDate(expires) };
    return toApiKeyDto(await this.keys.update(id, { ...rest, ...expiry }));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('admin')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.keys.remove(id);
  }
}
