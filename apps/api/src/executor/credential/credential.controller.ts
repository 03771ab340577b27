import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import {
  type CredentialDto,
  type CredentialInput,
  credentialInputSchema,
  type CredentialRotation,
  credentialRotationSchema,
  type CredentialRotationInput,
  credentialRotationInputSchema,
  credentialSchema,
  credentialUpdateSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type RevealedDto,
  revealedSchema,
  type RevealInput,
  revealInputSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import {
  Allow,
  AppConfig,
  Clock,
  Describe,
  mapperOf,
  reading,
  toSparseDto,
  toSparsePage,
} from '../../platform/index.js';
import { CredentialRotator } from './credential-rotation.service.js';
import { credentialFields } from './credential.mapper.js';
import type { Credential } from './credential.repository.js';
import { CredentialService } from './credential.service.js';

@Controller('credentials')
export class CredentialController {
  constructor(
    private readonly credentials: CredentialService,
    private readonly rotator: CredentialRotator,
    private readonly clock: Clock,
    private readonly config: AppConfig,
  ) {}

  @Describe('Lists credentials, without their secrets', pageSchema(credentialSchema), {
    details: 'A secret never comes back; `fingerprint` tells which SSH key it is.',
  })
  @Get()
  @Allow('engineer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<CredentialDto>> {
    const fields = this.fields();
    return toSparsePage(await this.credentials.list(reading(fields, query)), fields, query);
  }

  @Describe('One credential', credentialSchema)
  @Get(':id')
  @Allow('engineer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<CredentialDto> {
    const fields = this.fields();
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
    return this.toDto(credential);
  }

  @Describe('Changes a credential', credentialSchema, { details: 'A new secret counts as a rotation.' })
  @Patch(':id')
  @Allow('engineer')
  async update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: credentialUpdateSchema }) input: Partial<CredentialInput>,
  ): Promise<CredentialDto> {
    return this.toDto(await this.credentials.update(id, input));
  }

  @Describe('Gives a credential a new secret, once its targets took it', credentialRotationSchema, {
    details:
      'The new secret is tried on every target that uses the credential. If one does not take it, nothing is changed and the ' +
      'answer is 422 with what each of them said, unless `force` is true.',
  })
  @Post(':id/rotate')
  @HttpCode(200)
  @Allow('engineer')
  async rotate(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: credentialRotationInputSchema }) input: CredentialRotationInput,
  ): Promise<CredentialRotation> {
    const { credential, tests } = await this.rotator.rotate(id, input);
    return { credential: this.toDto(credential), tests };
  }

  @Describe('Shows the secret of a credential', revealedSchema, {
    details: 'Leaves an entry in the audit log, with the reason. A reference is shown as what it leads to.',
  })
  @Post(':id/reveal')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Allow('admin', 'api')
  async reveal(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: revealInputSchema }) { reason }: RevealInput,
  ): Promise<RevealedDto> {
    return { secrets: await this.credentials.reveal(id, reason) };
  }

  @Describe('Removes a credential', null, { details: 'Refused while a target uses it.' })
  @Delete(':id')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.credentials.remove(id);
  }

  private fields() {
    return credentialFields(this.clock.now(), this.config.settings.CREDENTIAL_MAX_AGE_DAYS);
  }

  private toDto(credential: Credential): CredentialDto {
    return mapperOf(this.fields())(credential);
  }
}
