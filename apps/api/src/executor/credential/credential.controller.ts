import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  credentialInputSchema,
  credentialSchema,
  credentialUpdateSchema,
  idSchema,
  listQuerySchema,
  type CredentialDto,
  type CredentialInput,
  type ListQuery,
  type PageDto,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { Allow, Clock, toPageDto } from '../../platform/index.js';
import { toCredentialDto } from './credential.mapper.js';
import { CredentialService } from './credential.service.js';

const fields = Object.keys(credentialSchema.shape);

@Controller('credentials')
export class CredentialController {
  constructor(
    private readonly credentials: CredentialService,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('engineer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<CredentialDto>> {
    const now = this.clock.now();
    return toPageDto(await this.credentials.list(query), (item) => toCredentialDto(item, now), query, fields);
  }

  @Get(':id')
  @Allow('engineer')
  async get(@Param('id', { schema: idSchema }) id: string): Promise<CredentialDto> {
    return toCredentialDto(await this.credentials.get(id), this.clock.now());
  }

  @Post()
  @Allow('engineer')
  async create(
    @Body({ schema: credentialInputSchema }) input: CredentialInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CredentialDto> {
    const credential = await this.credentials.create(input);
    void reply.header('Location', `/api/v1/credentials/${credential.id}`);
    return toCredentialDto(credential, this.clock.now());
  }

  @Patch(':id')
  @Allow('engineer')
  async update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: credentialUpdateSchema }) input: Partial<CredentialInput>,
  ): Promise<CredentialDto> {
    return toCredentialDto(await this.credentials.update(id, input), this.clock.now());
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.credentials.remove(id);
  }
}
