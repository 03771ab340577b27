import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as it arrived. */
export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body, as they came over the wire. */
  source: string;
}

/** A mail server over real SMTP. */
export interface SmtpReceiver {
  port: number;
  mails: ReceivedMail[];
  /** Whether it refuses every sender from now on. */
  refuse(refusing: boolean): void;
  stop(): Promise<void>;
}

/** Starts a mail server on a free loopback port, without encryption; it wants the given user when there is one. */
export async function startSmtpReceiver(user?: { name: string; password: string }): Promise<SmtpReceiver> {
  let refusing = false;
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: user === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: user === undefined,
    onAuth: (auth, _session, done) => {
      if (auth.username === user?.name && auth.password === user?.password)
        done(null, { user: auth.username });
      else done(new Error('wrong user or password'));
    },
    onMailFrom: (_address, _session, done) => done(refusing ? new Error('refused by the test') : undefined),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map((recipient) => recipient.address),
          source: Buffer.concat(chunks).toString('utf8'),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuse: (next) => {
      refusing = next;
    },
    stop: () => new Promise((closed) => server.close(() => closed())),
  };
}
