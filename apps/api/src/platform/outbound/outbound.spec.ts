import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { Logger } from '@nestjs/common';
import { freePort } from '@aiops/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { request } from 'undici';
import { readSettings } from '../config/config.js';
import { startDnsServer, type DnsServer } from './dns-server.fixture.js';
import { OutboundRefusedError } from './outbound.error.js';
import { outboundPolicy } from './outbound-policy.js';
import { Outbound, type Resolve } from './outbound.service.js';

// Every refusal is a line in the log; here they are expected.
Logger.overrideLogger(false);

const made: Outbound[] = [];
function outbound(allowed: string, resolve?: Resolve): Outbound {
  const policy = outboundPolicy(readSettings({ APP_ENV: 'test', OUTBOUND_ALLOWED: allowed }));
  const one = new Outbound(policy, resolve);
  made.push(one);
  return one;
}
afterEach(async () => {
  await Promise.all(made.splice(0).map((one) => one.onApplicationShutdown()));
});

/** Every way out that callers have. */
const ways: [string, (out: Outbound, host: string, port: number) => Promise<string>][] = [
  [
    'a request',
    async (out, host, port) => {
      const answer = await request(`http://${host}:${port}/`, { dispatcher: out.agent({ pipelining: 0 }) });
      return answer.body.text();
    },
  ],
  ['fetch', async (out, host, port) => (await out.fetch(`http://${host}:${port}/`)).text()],
  [
    'a connection',
    async (out, host, port) => {
      const socket = await out.connect({ host: host.replace(/^\[|\]$/g, ''), port }, 5000);
      const peer = socket.remoteAddress ?? '';
      await once(socket.end(), 'close');
      return peer;
    },
  ],
];

async function refusal(call: Promise<string>): Promise<string> {
  const answer = await call.catch((error: unknown) => error);
  if (!(answer instanceof OutboundRefusedError)) throw new Error(`It was not refused: ${String(answer)}`);
  return answer.message;
}

describe.each(ways)('%s', (_name, call) => {
  const good = '127.0.0.2';
  const evil = '127.0.0.1';
  let servers: Server[];
  let port: number;
  let dns: DnsServer;
  let connections: Record<string, number>;

  beforeAll(async () => {
    dns = await startDnsServer();
    port = await freePort();
    servers = [good, evil].map((address) =>
      createServer((_request, response) => response.end(address))
        .on('connection', () => (connections[address] = (connections[address] ?? 0) + 1))
        .listen(port, address),
    );
  });
  beforeEach(() => (connections = {}));
  afterAll(() => {
    dns.stop();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('goes only where the name led when it was looked at, though it leads elsewhere the next time', async () => {
    // 127.0.0.2 stands for a public address, of which a test has none.
    const out = outbound(good, dns.resolve);
    dns.answers([good], [evil]);
    expect(await call(out, 'rebinding.example', port)).toBe(good);
    expect(dns.asked()).toBe(1);
    expect(await refusal(call(outbound(good, dns.resolve), 'rebinding.example', port))).toContain(
      'rebinding.example',
    );
    expect(connections).toEqual({ [good]: 1 });
  });

  it('is never led astray by answers that change all the time', async () => {
    dns.answers([good], [evil], [evil, good], [good, evil]);
    const out = () => outbound(good, dns.resolve);
    const calls = Array.from({ length: 20 }, () =>
      call(out(), 'rebinding.example', port).catch((error: unknown) => error),
    );
    for (const answer of await Promise.all(calls)) {
      if (answer !== good) expect(answer).toBeInstanceOf(OutboundRefusedError);
    }
    expect(connections[evil]).toBeUndefined();
    expect(connections[good]).toBe(15);
  });

  it('reaches this machine by no other spelling of its address', async () => {
    const spellings = [
      '127.0.0.1',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::1]',
      'localhost',
      '0.0.0.0',
      '[::]',
    ];
    for (const host of [...spellings, '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '0']) {
      expect(await refusal(call(outbound('none'), host, port))).toContain('OUTBOUND_ALLOWED');
    }
    expect(connections).toEqual({});
  });

  it('tells nobody whether something listens where it does not go', async () => {
    const closed = await freePort();
    const [open, shut] = await Promise.all(
      [port, closed].map(async (one) =>
        (await refusal(call(outbound('none'), evil, one))).replaceAll(String(one), 'PORT'),
      ),
    );
    expect(open).toBe(shut);
    expect(connections).toEqual({});
  });

  it('goes where the settings say, on the ports that they say', async () => {
    expect(await call(outbound(`${evil}:${port}`), evil, port)).toBe(evil);
    expect(await call(outbound(`some.name:${port}`, dns.resolve), evil, port).catch(() => 'refused')).toBe(
      'refused',
    );
    dns.answers([evil]);
    expect(await call(outbound(`some.name:${port}`, dns.resolve), 'some.name', port)).toBe(evil);
    expect(await refusal(call(outbound(`some.name:${port + 1}`, dns.resolve), 'some.name', port))).toContain(
      `add some.name:${port} to`,
    );
  });

  it('says as ever that a name does not exist', async () => {
    dns.answers([]);
    await expect(call(outbound(evil, dns.resolve), 'gone.example', port)).rejects.not.toThrow(
      'OUTBOUND_ALLOWED',
    );
  });
});

describe('a connection to a link-local address', () => {
  it('is refused whatever zone it names', async () => {
    const call = outbound('none').connect({ host: 'fe80::1%lo', port: 25 }, 1000);
    await expect(call).rejects.toThrow('[fe80::1]:25 leads to a link-local address');
  });
});

describe('fetch', () => {
  let target: Server;
  let port: number;
  let seen: string[] = [];
  beforeAll(async () => {
    target = createServer((request, response) => {
      seen.push(`${request.url ?? ''} ${String(request.headers['x-api-key'])}`);
      if (request.url === '/moved') response.writeHead(307, { Location: '/elsewhere' }).end();
      else response.end('here');
    });
    await new Promise<void>((listening) => target.listen(0, '127.0.0.1', listening));
    port = (target.address() as AddressInfo).port;
  });
  beforeEach(() => (seen = []));
  afterAll(() => target.close());

  it('follows no redirect, for it would take the key along', async () => {
    const call = outbound('127.0.0.1').fetch(`http://127.0.0.1:${port}/moved`, {
      method: 'POST',
      headers: { 'x-api-key': 's3cret' },
      body: '{}',
    });
    await expect(call).rejects.toThrow(`127.0.0.1:${port} redirects to /elsewhere`);
    expect(seen).toEqual(['/moved s3cret']);
  });
});

describe('a connection that never comes about', () => {
  let full: TcpServer;
  afterAll(() => full.close());
  it('is given up with the reason', async () => {
    full = createTcpServer();
    const port = await freePort();
    await expect(outbound('127.0.0.1').connect({ host: '127.0.0.1', port }, 1000)).rejects.toThrow(
      'ECONNREFUSED',
    );
    // Takes connections and hangs: that one is there is all that was asked.
    await new Promise<void>((listening) => full.listen(port, '127.0.0.1', listening));
    const socket = await outbound('127.0.0.1').connect({ host: '127.0.0.1', port }, 1000);
    expect(socket.remotePort).toBe(port);
    socket.destroy();
  });
});
