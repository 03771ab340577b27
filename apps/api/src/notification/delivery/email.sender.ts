import { createTransport } from 'nodemailer';
import { messageOf, OperationalError, OutboundRefusedError } from '../../platform/index.js';
import type { Message } from './message.js';
import { SEND_TIMEOUT_MS, type Sender } from './sender.js';

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ').slice(0, 200);

const textOf = (message: Message): string =>
  [message.subject, '', ...message.lines, ...(message.link === null ? [] : ['', message.link])].join('\n');

export const emailSender: Sender<'email'> = {
  kind: 'email',
  send: async (config, message, deliveryId, outbound) => {
    const transport = createTransport({
      host: config.host,
      port: config.port,
      secure: config.security === 'tls',
      requireTLS: config.security === 'starttls',
      ignoreTLS: config.security === 'none',
      auth:
        config.username === undefined ? undefined : { user: config.username, pass: config.password ?? '' },
      connectionTimeout: SEND_TIMEOUT_MS,
      greetingTimeout: SEND_TIMEOUT_MS,
      socketTimeout: SEND_TIMEOUT_MS,
      getSocket: ({ host = '', port = 0 }, done) => {
        outbound.connect({ host, port: Number(port) }, SEND_TIMEOUT_MS).then(
          (connection) => done(null, { connection }),
          (error: Error) => done(error, false),
        );
      },
    });
    try {
      await transport.sendMail({
        from: config.from,
        to: config.to,
        subject: oneLine(message.subject),
        text: textOf(message),
        messageId: `<${deliveryId}@aiops>`,
      });
    } catch (cause) {
      if (cause instanceof OutboundRefusedError) throw cause;
      throw new OperationalError(
        `The mail server ${config.host}:${config.port} did not take it: ${messageOf(cause)}`,
        {
          cause,
        },
      );
    } finally {
      transport.close();
    }
  },
};
