import type { ChannelConfig } from '@aiops/contracts';
import type { Outbound } from '../../platform/index.js';
import { emailSender } from './email.sender.js';
import type { Message } from './message.js';
import { slackSender } from './slack.sender.js';
import { webhookSender } from './webhook.sender.js';

/** Delivers a message through a channel of any kind. @throws OperationalError with a reason for a person. */
export function send(
  config: ChannelConfig,
  message: Message,
  deliveryId: string,
  outbound: Outbound,
): Promise<void> {
  switch (config.kind) {
    case 'slack':
      return slackSender.send(config, message, deliveryId, outbound);
    case 'webhook':
      return webhookSender.send(config, message, deliveryId, outbound);
    case 'email':
      return emailSender.send(config, message, deliveryId, outbound);
  }
}
