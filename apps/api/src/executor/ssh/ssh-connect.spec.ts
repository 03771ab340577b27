import { generateSshKey, until } from '@aiops/testing';
import { createHash } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectError } from '../errors.js';
import { algorithmOrder, withCertificates } from '../host-key/host-key.js';
import { wireStrings } from '../host-key/wire.js';
import { never, run } from './ssh-lab.fixture.js';
import { sshConnect, type ConnectOptions } from './ssh-connect.js';
import { SshSession } from './ssh-session.js';

/** Servers that misbehave in ways an sshd cannot be made to. */
const running: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.close();
});

const hostKey = generateSshKey('ed25519');

async function serve(on: (client: Connection) => void): Promise<number> {
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    client.on('error', () => undefined);
    on(client);
  });
  running.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}

function optionsFor(port: number, over: Partial<ConnectOptions> = {}): ConnectOptions {
  const now = new Date();
  return {
    target: {
      id: '01890000-0000-7000-8000-000000000000',
      name: 'web-1',
      kind: 'ssh',
      host: '127.0.0.1',
      port,
      username: 'operator',
      shell: 'posix',
      labels: {},
      credentialId: null,
      reachable: null,
      lastSeenAt: null,
      lastError: null,
      createdAt: now,
      updatedAt: now,
    },
    credential: { kind: 'password', secret: 'open sesame', passphrase: undefined },
    hostKeyAlgorithms: algorithmOrder([]),
    verify: () => Promise.resolve(null),
    signal: never,
    ...over,
  };
}

/** A packet before there is encryption (RFC 4253, section 6). */
function packet(payload: Buffer): Buffer {
  const padding = 16 - ((payload.length + 5) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + padding + 1);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}
/** SSH_MSG_KEXINIT with one algorithm of each kind (RFC 4253, section 7.1). */
function keyExchangeOf(hostKeyAlgorithm: string): Buffer {
  const lists = ['curve25519-sha256', hostKeyAlgorithm, 'aes128-ctr', 'aes128-ctr'];
  const rest = ['hmac-sha2-256', 'hmac-sha2-256', 'none', 'none', '', ''];
  return Buffer.concat([
    Buffer.from([20]),
    Buffer.alloc(16),
    wireStrings(...lists, ...rest),
    Buffer.alloc(5),
  ]);
}

const failure = async (options: ConnectOptions): Promise<unknown> =>
  sshConnect(options).then(
    (client) => {
      client.end();
      throw new Error('It should not have connected');
    },
    (error: unknown) => error,
  );

/** Takes any sign-in and gives the channel of the first command. */
const commandServer = (onCommand: (channel: ServerChannel, client: Connection) => void) =>
  serve((client) => {
    client.on('authentication', (context) => context.accept());
    client.on('session', (accept) => accept().on('exec', (acceptExec) => onCommand(acceptExec(), client)));
  });

describe('sshConnect', () => {
  it('tells a host whose key is not accepted nothing: no user, no secret', async () => {
    const asked: string[] = [];
    const port = await serve((client) => {
      client.on('authentication', (context: AuthContext) => {
        asked.push(`${context.method} ${context.username}`);
        context.reject();
      });
      client.on('ready', () => asked.push('ready'));
    });
    const refusal = new ConnectError('unknown_host_key', 'ask first');
    let shown = '';
    const verify: ConnectOptions['verify'] = async (key) => {
      shown = key.fingerprint;
      // A decision that takes its time must not let anything through meanwhile.
      for (let turn = 0; turn < 20; turn++) await new Promise((next) => setImmediate(next));
      return refusal;
    };
    expect(await failure(optionsFor(port, { verify }))).toBe(refusal);
    const blob = Buffer.from(hostKey.public.split(' ')[1] ?? '', 'base64');
    expect(shown).toBe(`SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`);
    expect(asked).toEqual([]);
    expect(await failure(optionsFor(port))).toMatchObject({ code: 'login_refused' });
    expect(asked).toContain('password operator');
  });

  it('hands on why a key could not be judged, and connects to nothing then', async () => {
    const port = await serve((client) => client.on('authentication', (context) => context.accept()));
    const broken = new Error('the database is away');
    expect(await failure(optionsFor(port, { verify: () => Promise.reject(broken) }))).toBe(broken);
  });

  it.each([
    ['went away', (client: Connection | undefined) => client?.end(), { code: 'unreachable' }],
    ['was given up', (_: unknown, cancel: AbortController) => cancel.abort(), { code: 'cancelled' }],
  ] as const)(
    'has no use any more for the verdict on a key whose connection %s',
    async (_how, end, expected) => {
      let accepted: Connection | undefined;
      let closed = false;
      const port = await serve((client) => (accepted = client).on('close', () => (closed = true)));
      for (const verdict of [null, new ConnectError('unknown_host_key', 'ask first')]) {
        const cancel = new AbortController();
        let decide: (reason: ConnectError | null) => void = () =>
          expect.unreachable('The key was not judged');
        const verify = () =>
          new Promise<ConnectError | null>((judge) => {
            decide = judge;
            end(accepted, cancel);
          });
        expect(await failure(optionsFor(port, { verify, signal: cancel.signal }))).toMatchObject(expected);
        await until(() => closed, { description: 'the connection to be gone' });
        closed = false;
        // A throw in what follows is a rejection that nobody handles: it would end the engine, and fails this run.
        decide(verdict);
        await new Promise((later) => setImmediate(later));
      }
    },
  );

  it('answers a server that asks for the password in a dialogue, and no other question', async () => {
    const answers: string[][] = [];
    const asking = (prompt: { prompt: string; echo: boolean }[]) =>
      serve((client) =>
        client.on('authentication', (context) => {
          if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
          context.prompt(prompt, (given) => {
            answers.push(given);
            if (given[0] === 'open sesame') context.accept();
            else context.reject();
          });
        }),
      );
    const client = await sshConnect(optionsFor(await asking([{ prompt: 'Password: ', echo: false }])));
    client.end();
    const other = await asking([{ prompt: 'Name of your first pet: ', echo: true }]);
    expect(await failure(optionsFor(other))).toMatchObject({ code: 'login_refused' });
    expect(answers[0]).toEqual(['open sesame']);
    expect(answers.flat().filter((answer) => answer === 'open sesame')).toHaveLength(1);
  });

  it('says that a port is no SSH server', async () => {
    const server: Server = createHttpServer();
    running.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const error = await failure(optionsFor((server.address() as AddressInfo).port));
    expect(error).toMatchObject({ code: 'unreachable', started: false });
    expect(String(error)).toContain('Nothing was run');
  });

  it('comes to an end with a server that sends whatever it likes as its key and hangs up', async () => {
    let sent = Buffer.alloc(0);
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(sent);
    });
    running.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const hostKeyAlgorithms = withCertificates(algorithmOrder([]));
    const bytes = fc.uint8Array({ maxLength: 200 }).map((part) => Buffer.from(part));
    const wireText = fc.oneof(bytes, fc.constantFrom(...hostKeyAlgorithms)).map((part) => wireStrings(part));
    const key = fc
      .tuple(fc.constantFrom(...hostKeyAlgorithms), fc.array(fc.oneof(wireText, bytes), { maxLength: 12 }))
      .map(([algorithm, rest]) => [algorithm, Buffer.concat([wireStrings(algorithm), ...rest])] as const);
    let judged = 0;
    const verify: ConnectOptions['verify'] = () => {
      judged++;
      return Promise.resolve(null);
    };
    await fc.assert(
      fc.asyncProperty(key, bytes, bytes, bytes, async ([algorithm, blob], secret, signature, noise) => {
        const reply = Buffer.concat([Buffer.from([31]), wireStrings(blob, secret, signature)]);
        const greeting = Buffer.from('SSH-2.0-OpenSSH_9.9\r\n');
        sent = Buffer.concat([greeting, packet(keyExchangeOf(algorithm)), packet(reply), noise]);
        const error = await failure(optionsFor(port, { hostKeyAlgorithms, verify }));
        expect(error).toBeInstanceOf(ConnectError);
        expect(error).toMatchObject({ started: false });
      }),
      { numRuns: 300 },
    );
    expect(judged).toBeGreaterThan(0);
  });

  it('gives a connection up when nobody wants it any more', async () => {
    const cancel = new AbortController();
    const port = await serve((client) => client.on('authentication', () => cancel.abort()));
    expect(await failure(optionsFor(port, { signal: cancel.signal }))).toMatchObject({ code: 'cancelled' });
  });
});

describe('a session', () => {
  const open = async (port: number) => new SshSession(await sshConnect(optionsFor(port)), 'web-1');

  it('knows how a command ended whose host goes away right after saying so', async () => {
    const port = await commandServer((channel, client) => {
      channel.write('rebooting\n');
      channel.exit(0);
      client.end();
    });
    const session = await open(port);
    expect(await run(session, 'reboot')).toMatchObject({ exitCode: 0, stdout: Buffer.from('rebooting\n') });
  });

  it('does not know how one ended when the channel closes without a word', async () => {
    const port = await commandServer((channel) => channel.close());
    await expect(run(await open(port), 'true')).rejects.toMatchObject({ started: true });
  });

  it('says that nothing was run when the host takes no commands', async () => {
    const port = await serve((client) => {
      client.on('authentication', (context) => context.accept());
      client.on('session', (accept) => accept().on('exec', (_accept, reject) => reject()));
    });
    await expect(run(await open(port), 'true')).rejects.toMatchObject({
      code: 'unreachable',
      started: false,
    });
  });

  it('survives a host that goes away while nobody uses it', async () => {
    let hangUp: () => void = () => undefined;
    const port = await serve((client) => {
      client.on('authentication', (context) => context.accept());
      hangUp = () => client.end();
    });
    const client = await sshConnect(optionsFor(port));
    const session = new SshSession(client, 'web-1');
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    hangUp();
    await closed;
    await expect(run(session, 'true')).rejects.toMatchObject({ started: false });
  });

  it('does not call PowerShell commands ended that it could only ask to end', async () => {
    let command = '';
    const port = await serve((client) => {
      client.on('authentication', (context) => context.accept());
      client.on('session', (accept) =>
        accept().on('exec', (acceptExec, _reject, info) => {
          command = info.command;
          acceptExec();
        }),
      );
    });
    const outcome = await run(await open(port), 'Start-Sleep 300', { shell: 'powershell', timeoutMs: 100 });
    expect(outcome).toMatchObject({ timedOut: true, remoteEnded: false });
    expect(command).toMatch(/^powershell .* -EncodedCommand /);
  });
});
