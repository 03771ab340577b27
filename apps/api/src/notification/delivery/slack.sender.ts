import type { Message } from './message.js';
import { httpPost } from './http-post.js';
import type { Sender } from './sender.js';

const colours = { critical: '#B42318', high: '#A8480B', warning: '#7A5B00', info: '#3B5B92' } as const;

/**
 * Slack's three control characters (https://api.slack.com/reference/surfaces/formatting#escaping): escaped, a label can
 * neither mention a channel nor pose as a link.
 */
export const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Slack's incoming-webhook format, which Mattermost and Rocket.Chat take too. */
export function slackPayload(message: Message): object {
  const link = message.link === null ? [] : [`<${message.link}|Open in AIOps>`];
  const text = [...message.lines.map(escapeSlack), ...link].join('\n');
  return {
    text: escapeSlack(message.subject),
    attachments: [
      { color: colours[message.severity ?? 'info'], text, fallback: escapeSlack(message.subject) },
    ],
  };
}

export const slackSender: Sender<'slack'> = {
  kind: 'slack',
  send: (config, message, _deliveryId, outbound) =>
    httpPost(outbound, config.webhook_url, JSON.stringify(slackPayload(message)), {}),
};
