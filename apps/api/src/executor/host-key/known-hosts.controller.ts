import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  idSchema,
  type KnownHostRuleDto,
  type KnownHostRuleInput,
  knownHostRuleInputSchema,
  knownHostRuleSchema,
  type KnownHostsImport,
  knownHostsImportSchema,
  type KnownHostsPlanDto,
  knownHostsPlanSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { type Actor, Allow, CurrentActor, Describe, reading, toSparsePage } from '../../platform/index.js';
import { knownHostRuleFields, toKnownHostRuleDto } from './host-key.mapper.js';
import { KnownHosts } from './known-hosts.service.js';

@Controller('known-hosts')
export class KnownHostsController {
  constructor(private readonly knownHosts: KnownHosts) {}

  @Describe('Certificate authorities and revoked keys by host pattern', pageSchema(knownHostRuleSchema))
  @Get()
  @Allow('viewer')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<KnownHostRuleDto>> {
    const page = await this.knownHosts.list(reading(knownHostRuleFields, query));
    return toSparsePage(page, knownHostRuleFields, query);
  }

  @Describe('Trusts an authority for hosts, or revokes a key for them', knownHostRuleSchema)
  @Post()
  @Allow('engineer')
  async add(
    @Body({ schema: knownHostRuleInputSchema }) input: KnownHostRuleInput,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<KnownHostRuleDto> {
    const rule = await this.knownHosts.add(input, actor);
    void reply.header('Location', '/api/v1/known-hosts');
    return toKnownHostRuleDto(rule);
  }

  @Describe('Says line by line what an import of this file would do', knownHostsPlanSchema)
  @Post('preview')
  @HttpCode(200)
  @Allow('engineer')
  preview(@Body({ schema: knownHostsImportSchema }) input: KnownHostsImport): Promise<KnownHostsPlanDto> {
    return this.knownHosts.preview(input.content);
  }

  @Describe('Imports a known_hosts file, and says line by line what was done', knownHostsPlanSchema)
  @Post('import')
  @HttpCode(200)
  @Allow('engineer')
  import(
    @Body({ schema: knownHostsImportSchema }) input: KnownHostsImport,
    @CurrentActor() actor: Actor,
  ): Promise<KnownHostsPlanDto> {
    return this.knownHosts.import(input.content, actor);
  }

  @Describe('Removes an authority or the revocation of a key', null)
  @Delete(':id')
  @HttpCode(204)
  @Allow('engineer')
  async remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.knownHosts.remove(id);
  }
}
