import { createHmac } from 'node:crypto';
import { httpPost } from './http-post.js';
import type { Message } from './message.js';
import type { Sender } from './sender.js';

const PREFIX = 'whsec_';

/**
 * Signature of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, base64, with
 * the version before it. A secret that begins with `whsec_` is base64, any other is taken as it stands.
 */
export function signWebhook(secret: string, id: string, timestamp: number, body: string): string {
  const key = secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

function webhookBody(message: Message, timestamp: number): string {
  return JSON.stringify({
    type: message.event,
    timestamp: new Date(timestamp * 1000).toISOString(),
    data: {
      subject: message.subject,
      severity: message.severity,
      lines: message.lines,
      link: message.link,
      alert_id: message.alertId,
      execution_id: message.executionId,
    },
  });
}

export const webhookSender: Sender<'webhook'> = {
  kind: 'webhook',
  send: async (config, message, deliveryId, outbound) => {
    const timestamp = Math.floor(Date.now() / 1000);
    const body = webhookBody(message, timestamp);
    const signature: Record<string, string> =
      config.signing_secret === undefined
        ? {}
        : { 'webhook-signature': signWebhook(config.signing_secret, deliveryId, timestamp, body) };
    await httpPost(outbound, config.url, body, {
      'webhook-id': deliveryId,
      'webhook-timestamp': String(timestamp),
      ...signature,
    });
  },
};
