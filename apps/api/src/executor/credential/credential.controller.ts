import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  type CredentialDto,
  type CredentialInput,
  credentialInputSchema,
  credentialSchema,
  credentialUpdateSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { Allow, Clock, Describe, reading, toSparseDto, toSparsePage } from '../../platform/index.js';
import { credentialFields, toCredentialDto } from './credential.mapper.js';
import { CredentialService } from './credential.service.js';

@Controller('credentials')
export class CredentialController {
  constructor(
    private readonly credentials: CredentialService,
    private readonly clock: Clock,
  ) {}

  @Describe('Lists credentials, without their secrets', pageSchema(credentialSchema), {
    details: 'A secret never comes back; `fingerprint` tells which SSH key it is.',
  })
  @Get()
  @Allow('engineer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<CredentialDto>> {
    const fields = credentialFields(this.clock.now());
    return toSparsePage(await this.credentials.list(reading(fields, query)), fields, query);
  }

  @Describe('One credential', credentialSchema)
  @Get(':id')
  @Allow('engineer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<CredentialDto> {
    const fields = credentialFields(this.clock.now());
    return toSparseDto(await this.credentials.read(id, reading(fields, query)), fields, query.fields);
  }

  @Describe('Makes a credential', credentialSchema, {
    details: 'The secret may be a reference to a secrets backend; it is read once to see that it is there.',
  })
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

  @Describe('Changes a credential', credentialSchema, { details: 'A new secret counts as a rotation.' })
  @Patch(':id')
  @Allow('engineer')
  async update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: credentialUpdateSchema }) input: Partial<CredentialInput>,
  ): Promise<CredentialDto> {
    return toCredentialDto(await this.credentials.update(id, input), this.clock.now());
  }

  @Describe('Removes a credential', null, { details: 'Refused while a target uses it.' })
  @Delete(':id')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.credentials.remove(id);
  }
}
