import type { ChannelDto } from '@aiops/contracts';
import type { BreakerState } from '../../platform/index.js';
import { maskedConfig } from './channel-secrets.js';
import type { Channel } from './channel.repository.js';

export function toChannelDto(channel: Channel, secretNames: string[], breaker: BreakerState): ChannelDto {
  return {
    id: channel.id,
    name: channel.name,
    kind: channel.kind,
    enabled: channel.enabled,
    config: maskedConfig(channel.config, secretNames),
    breaker,
    last_delivery_at: channel.lastDeliveryAt?.toISOString() ?? null,
    last_error: channel.lastError,
    created_at: channel.createdAt.toISOString(),
    updated_at: channel.updatedAt.toISOString(),
  };
}
