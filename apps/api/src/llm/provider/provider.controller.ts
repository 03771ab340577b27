import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import {
  type AnalysisHop,
  analysisHopSchema,
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type LlmProviderDto,
  type LlmProviderInput,
  llmProviderInputSchema,
  llmProviderSchema,
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
  Breakers,
  Describe,
  type Fields,
  mapperOf,
  reading,
  toSparseDto,
  toSparsePage,
} from '../../platform/index.js';
import { ProviderChain } from '../analysis/provider-chain.js';
import { breakerName } from './breaker-name.js';
import { providerFields } from './provider.mapper.js';
import type { LlmProvider } from './provider.repository.js';
import { LlmProviderService } from './provider.service.js';

@Controller('llm-providers')
export class LlmProviderController {
  private readonly fields: Fields<LlmProvider, LlmProviderDto>;
  private readonly toDto: (provider: LlmProvider) => LlmProviderDto;

  constructor(
    private readonly providers: LlmProviderService,
    private readonly chain: ProviderChain,
    breakers: Breakers,
  ) {
    this.fields = providerFields((provider) => breakers.state(breakerName(provider)));
    this.toDto = mapperOf(this.fields);
  }

  @Describe('Lists model providers, in the order in which they are asked', pageSchema(llmProviderSchema))
  @Get()
  @Allow('engineer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<LlmProviderDto>> {
    return toSparsePage(await this.providers.list(reading(this.fields, query)), this.fields, query);
  }

  @Describe('One model provider', llmProviderSchema)
  @Get(':id')
  @Allow('engineer')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<LlmProviderDto> {
    const provider = await this.providers.read(id, reading(this.fields, query));
    return toSparseDto(provider, this.fields, query.fields);
  }

  @Describe('Makes a model provider', llmProviderSchema, {
    details: 'Alert text is sent to it. `ollama` and `openai_compatible` can be your own machines.',
  })
  @Post()
  @Allow('admin')
  async create(
    @Body({ schema: llmProviderInputSchema }) input: LlmProviderInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LlmProviderDto> {
    const provider = await this.providers.create(input);
    void reply.header('Location', `/api/v1/llm-providers/${provider.id}`);
    return this.toDto(provider);
  }

  @Describe('Replaces a model provider', llmProviderSchema, {
    details: 'Without `api_key` the stored one stays.',
  })
  @Put(':id')
  @Allow('admin')
  async replace(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: llmProviderInputSchema }) input: LlmProviderInput,
  ): Promise<LlmProviderDto> {
    return this.toDto(await this.providers.replace(id, input));
  }

  @Describe('Shows the API key of a model provider', revealedSchema, {
    details: 'Leaves an entry in the audit log, with the reason.',
  })
  @Post(':id/reveal')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Allow('admin', 'api')
  async reveal(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: revealInputSchema }) { reason }: RevealInput,
  ): Promise<RevealedDto> {
    return { secrets: await this.providers.reveal(id, reason) };
  }

  @Describe('Removes a model provider', null)
  @Delete(':id')
  @HttpCode(204)
  @Allow('admin')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.providers.remove(id);
  }

  /** Asks the provider one small question and says how it went. */
  @Describe('Asks a model provider one small question', analysisHopSchema, {
    details: 'Says how long the answer took, or what is wrong with address, key or model.',
  })
  @Post(':id/test')
  @HttpCode(200)
  @Allow('admin')
  async test(@Param('id', { schema: idSchema }) id: string): Promise<AnalysisHop> {
    return this.chain.probe(await this.providers.get(id));
  }
}
