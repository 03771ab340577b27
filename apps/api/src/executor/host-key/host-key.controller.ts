import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  type HostKeyDto,
  hostKeySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import {
  type Actor,
  Allow,
  CurrentActor,
  Describe,
  type Fields,
  fieldsOf,
  mapperOf,
  reading,
  toSparsePage,
} from '../../platform/index.js';
import type { HostKey } from './host-key.repository.js';
import { HostKeyService } from './host-key.service.js';

const { same, time, timeOrNull } = fieldsOf<HostKey>();
const fields: Fields<HostKey, HostKeyDto> = {
  id: same('id'),
  target_id: same('targetId'),
  algorithm: same('algorithm'),
  fingerprint: same('fingerprint'),
  status: same('status'),
  first_seen_at: time('firstSeenAt'),
  last_seen_at: time('lastSeenAt'),
  accepted_by: same('acceptedBy'),
  accepted_at: timeOrNull('acceptedAt'),
  revoked_by: same('revokedBy'),
  revoked_at: timeOrNull('revokedAt'),
};
const toDto = mapperOf(fields);

@Controller('targets/:id/host-keys')
export class HostKeyController {
  constructor(private readonly hostKeys: HostKeyService) {}

  @Describe('Host keys of a target: accepted, waiting and revoked', pageSchema(hostKeySchema))
  @Get()
  @Allow('viewer')
  async list(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listQuerySchema }) query: ListQuery,
  ): Promise<PageDto<HostKeyDto>> {
    const page = await this.hostKeys.list(id, reading(fields, query));
    return toSparsePage(page, fields, query);
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
