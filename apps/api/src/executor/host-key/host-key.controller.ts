import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  type HostKeyDto,
  type HostKeyPin,
  hostKeyPinSchema,
  hostKeySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import { type Actor, Allow, CurrentActor, Describe, reading, toSparsePage } from '../../platform/index.js';
import { hostKeyFields, toHostKeyDto } from './host-key.mapper.js';
import { HostKeyService } from './host-key.service.js';

@Controller('targets/:id/host-keys')
export class HostKeyController {
  constructor(private readonly hostKeys: HostKeyService) {}

  @Describe('Host keys of a target: accepted, waiting and revoked', pageSchema(hostKeySchema), {
    details: 'A host whose key is not accepted, or has changed, is not connected to.',
  })
  @Get()
  @Allow('viewer')
  async list(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listQuerySchema }) query: ListQuery,
  ): Promise<PageDto<HostKeyDto>> {
    const page = await this.hostKeys.list(id, reading(hostKeyFields, query));
    return toSparsePage(page, hostKeyFields, query);
  }

  @Describe('Trusts a host key before the host has shown it', hostKeySchema, {
    details:
      'Takes a public key line or a fingerprint. Keys that are trusted already stay so; a key that waits is accepted.',
  })
  @Post()
  @Allow('engineer')
  async pin(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: hostKeyPinSchema }) input: HostKeyPin,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HostKeyDto> {
    void reply.header('Location', `/api/v1/targets/${id}/host-keys`);
    return toHostKeyDto(await this.hostKeys.pin(id, input.key, actor));
  }

  @Describe('Accepts a host key; from now on it is expected', hostKeySchema, {
    details:
      'Compare the fingerprint with the one on the machine first. An accepted key of the same algorithm is revoked.',
  })
  @Post(':keyId/accept')
  @HttpCode(200)
  @Allow('engineer')
  async accept(
    @Param('id', { schema: idSchema }) id: string,
    @Param('keyId', { schema: idSchema }) keyId: string,
    @CurrentActor() actor: Actor,
  ): Promise<HostKeyDto> {
    return toHostKeyDto(await this.hostKeys.accept(id, keyId, actor));
  }

  @Describe('Revokes a host key; it is refused from now on', hostKeySchema)
  @Post(':keyId/revoke')
  @HttpCode(200)
  @Allow('engineer')
  async revoke(
    @Param('id', { schema: idSchema }) id: string,
    @Param('keyId', { schema: idSchema }) keyId: string,
    @CurrentActor() actor: Actor,
  ): Promise<HostKeyDto> {
    return toHostKeyDto(await this.hostKeys.revoke(id, keyId, actor));
  }
}
