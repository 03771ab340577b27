import type { ChannelDto } from '@aiops/contracts';
import { type BreakerState, type Fields, fieldsOf } from '../../platform/index.js';
import { maskedConfig } from './channel-secrets.js';
import type { Channel } from './channel.repository.js';
import type { SealedChannel } from './channel.service.js';

const { same, time, timeOrNull, from } = fieldsOf<Channel>();

interface Beside {
  /** Names of the secrets that a channel has. */
  secretNames: (channel: SealedChannel) => string[];
  breaker: (channel: { name: string }) => BreakerState;
}

/** The fields of a channel, with what is known of it beside its row. */
export const channelFields = ({ secretNames, breaker }: Beside): Fields<Channel, ChannelDto> => ({
  id: same('id'),
  name: same('name'),
  kind: same('kind'),
  enabled: same('enabled'),
  config: from(['id', 'config', 'secretsKeyId', 'secretsSealed'], (channel) =>
    maskedConfig(channel.config, secretNames(channel)),
  ),
  breaker: from(['name'], breaker),
  last_delivery_at: timeOrNull('lastDeliveryAt'),
  last_error: same('lastError'),
  created_at: time('createdAt'),
  updated_at: time('updatedAt'),
});
