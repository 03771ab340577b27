import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { type HostKeyDto, hostKeySchema, idSchema, type PageDto, pageSchema } from '@aiops/contracts';
import { type Actor, Allow, CurrentActor, Describe } from '../../platform/index.js';
import type { HostKey } from './host-key.repository.js';
import { HostKeyService } from './host-key.service.js';

const toDto = (key: HostKey): HostKeyDto => ({
  id: key.id,
  target_id: key.targetId,
  algorithm: key.algorithm,
  fingerprint: key.fingerprint,
  status: key.status,
  first_seen_at: key.firstSeenAt.toISOString(),
  last_seen_at: key.lastSeenAt.toISOString(),
  accepted_by: key.acceptedBy,
  accepted_at: key.acceptedAt?.toISOString() ?? null,
  revoked_by: key.revokedBy,
  revoked_at: key.revokedAt?.toISOString() ?? null,
});

@Controller('targets/:id/host-keys')
export class HostKeyController {
  constructor(private readonly hostKeys: HostKeyService) {}

  @Describe('Host keys of a target: accepted, waiting and revoked', pageSchema(hostKeySchema))
  @Get()
  @Allow('viewer')
  async list(@Param('id', { schema: idSchema }) id: string): Promise<PageDto<HostKeyDto>> {
    const data = (await this.hostKeys.list(id)).map(toDto);
    return { data, pagination: { total: data.length, next_cursor: null, has_more: false } };
  }

  @Describe('Accepts a host key; from now on it is expected', hostKeySchema)
  @Post(':keyId/accept')
  @HttpCode(200)
  @Allow('engineer')
  async accept(
    @Param('id', { schema: idSchema }) id: string,
    @Param('keyId', { schema: idSchema }) keyId: string,
    @CurrentActor() actor: Actor,
  ): Promise<HostKeyDto> {
    return toDto(await this.hostKeys.accept(id, keyId, actor));
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
    return toDto(await this.hostKeys.revoke(id, keyId, actor));
  }
}
