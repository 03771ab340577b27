import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from '@aiops/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lonelyBreakers } from '../../testing/breakers.js';
import { outboundTo } from '../../testing/outbound.js';
import { HttpClient, HttpRequestError, type HttpRequest } from './http-client.service.js';

const client = new HttpClient(lonelyBreakers(), outboundTo('127.0.0.0/8'));
afterAll(() => client.onApplicationShutdown());

const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});
async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (answer: RequestListener): Promise<string> => listen(createServer(answer));

const send = (url: string, over: Partial<HttpRequest> = {}) =>
  client.send({
    method: 'GET',
    url,
    headers: {},
    body: null,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    ...over,
  });
const failure = async (url: string, over: Partial<HttpRequest> = {}): Promise<HttpRequestError> => {
  const error: unknown = await send(url, over).catch((reason: unknown) => reason);
  if (!(error instanceof HttpRequestError)) throw new Error(`It did not fail as it should: ${String(error)}`);
  return error;
};
async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
/** A server that tells what it was asked. */
const echo = () =>
  serve((request, response) => {
    void textOf(request).then((body) =>
      response.end(
        JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }),
      ),
    );
  });
interface Echoed {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}
const echoed = (body: string): Echoed => JSON.parse(body) as Echoed;

describe('an HTTP request of a runbook', () => {
  it('goes out with method, headers and body, and brings status, headers and body back', async () => {
    const url = await serve((request, response) => {
      void textOf(request).then((body) => {
        response.writeHead(418, { 'X-Kind': 'teapot', 'Set-Cookie': ['a=1', 'b=2'] });
        response.end(`${request.method ?? ''} ${request.headers['x-token'] as string} ${body}`);
      });
    });
    const answer = await send(url, { method: 'PUT', headers: { 'X-Token': 't' }, body: 'ü' });
    expect(answer).toMatchObject({ status: 418, body: 'PUT t ü' });
    expect(answer.headers).toMatchObject({ 'x-kind': 'teapot', 'set-cookie': 'a=1, b=2' });
  });

  it('cuts an answer after 1 MB, says so, and reads no more', async () => {
    let open = true;
    const url = await serve((_request, response) => {
      response.on('close', () => (open = false));
      const more = (): void => {
        while (open && response.write('x'.repeat(65_536)));
        if (open) response.once('drain', more);
      };
      more();
    });
    const { body } = await send(url);
    expect(body.slice(0, 1024 * 1024)).toBe('x'.repeat(1024 * 1024));
    expect(body.slice(1024 * 1024)).toContain('the answer was cut here');
    await until(() => !open, { description: 'the endless answer to be given up' });
  });

  it('leaves an answer of exactly 1 MB whole', async () => {
    const whole = 'y'.repeat(1024 * 1024);
    const url = await serve((_request, response) => response.end(whole));
    expect((await send(url)).body === whole).toBe(true);
  });

  it('is given up when the time is up, before an answer or in the middle of one', async () => {
    const silent = await serve(() => undefined);
    expect(await failure(silent, { timeoutMs: 200 })).toMatchObject({ started: true, timedOut: true });
    const half = await serve((_request, response) => void response.write('half'));
    const late = await failure(half, { timeoutMs: 200 });
    expect(late).toMatchObject({ started: true, timedOut: true });
    expect(late.message).toContain('did not answer within 200 ms');
  });

  it('is given up when it is cancelled', async () => {
    const cancel = new AbortController();
    let asked = false;
    const url = await serve(() => (asked = true));
    const failed = failure(url, { signal: cancel.signal });
    await until(() => asked, { description: 'the request to arrive' });
    cancel.abort();
    expect(await failed).toMatchObject({ started: true, timedOut: false });
  });

  it('waits while a server cannot be connected to, and goes out once when it is back', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    for (let call = 0; call < 3; call++) expect((await failure(url)).message).toContain('ECONNREFUSED');
    let requests = 0;
    const server = createServer((_request, response) => {
      requests++;
      response.end('back');
    });
    const waiting = send(url);
    servers.push(server);
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    expect((await waiting).body).toBe('back');
    expect(requests).toBe(1);
  });

  it('says that nothing was sent when its time is up before the server may be asked again', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    for (let call = 0; call < 3; call++) await failure(url);
    const paused = await failure(url, { timeoutMs: 100 });
    expect(paused).toMatchObject({ started: false, timedOut: false });
    expect(paused.message).toContain('failed repeatedly');
  });

  it('tells a request that never left from one that may have arrived', async () => {
    expect(await failure(`http://127.0.0.1:${await freePort()}`)).toMatchObject({ started: false });
    expect(await failure('http://no-such-host.invalid')).toMatchObject({ started: false });
    expect(await failure('no url')).toMatchObject({ started: false });
    const broken = await serve((request) => request.socket.destroy());
    expect(await failure(broken)).toMatchObject({ started: true });
    const cut = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('part', () => response.destroy());
    });
    expect(await failure(cut)).toMatchObject({ started: true });
    const tcp = createTcpServer((socket) => socket.end('SSH-2.0-not-http\r\n'));
    servers.push(tcp);
    await new Promise<void>((listening) => tcp.listen(0, '127.0.0.1', listening));
    const { port } = tcp.address() as AddressInfo;
    expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject({ started: true });
  });

  it('does not reuse a connection, which the server may just be closing', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    for (let turn = 0; turn < 3; turn++) await send(url);
    expect(ports.size).toBe(3);
  });
});

describe('a redirect', () => {
  const to = (status: number, location: () => string) =>
    serve((request, response) => {
      if (request.url === '/end') {
        void textOf(request).then((body) =>
          response.end(
            JSON.stringify({ method: request.method, url: '/end', headers: request.headers, body }),
          ),
        );
      } else response.writeHead(status, { Location: location() }).end();
    });
  const secrets = {
    Authorization: 'Bearer s3cret',
    'X-Vault-Token': 's3cret',
    Cookie: 's3cret',
    Accept: 'text/plain',
  };

  it('on the same origin is followed with everything', async () => {
    const url = await to(307, () => '/end');
    const answer = echoed((await send(url, { method: 'POST', headers: secrets, body: 'data' })).body);
    expect(answer).toMatchObject({ method: 'POST', body: 'data' });
    expect(answer.headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-vault-token': 's3cret' });
  });

  it('to another origin is followed without anything that may be a secret', async () => {
    const other = await echo();
    const url = await to(302, () => `${other}/there`);
    const answer = await send(url, { headers: secrets });
    expect(echoed(answer.body)).toMatchObject({
      method: 'GET',
      url: '/there',
      headers: { accept: 'text/plain' },
    });
    expect(answer.body).not.toContain('s3cret');
  });

  it('to another origin is not followed with a body: the redirect is the answer', async () => {
    let asked = 0;
    const other = await serve((_request, response) => {
      asked++;
      response.end();
    });
    const url = await to(308, () => other);
    const answer = await send(url, { method: 'POST', headers: secrets, body: 'password=s3cret' });
    expect([answer.status, answer.headers['location'], asked]).toEqual([308, other, 0]);
  });

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'PUT', 'PUT', 'data'],
    [308, 'DELETE', 'DELETE', 'data'],
  ])('with %i turns %s into %s', async (status, method, becomes, body) => {
    const url = await to(status, () => '/end');
    const headers = { 'Content-Type': 'text/plain' };
    const answer = echoed((await send(url, { method, headers, body: 'data' })).body);
    expect(answer).toMatchObject({ method: becomes, body });
    expect('content-type' in answer.headers).toBe(body !== '');
  });

  it('is followed three times and then is the answer', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(302, { Location: '/again' }).end();
    });
    expect((await send(url)).status).toBe(302);
    expect(asked).toBe(4);
  });

  it('to where nobody listens has started all the same', async () => {
    const port = await freePort();
    const url = await to(302, () => `http://127.0.0.1:${port}`);
    expect(await failure(url)).toMatchObject({ started: true });
  });
});

describe('a redirect to where the engine does not go', () => {
  it.each([
    ['the metadata service of a cloud', () => 'http://169.254.169.254/latest/meta-data/iam/'],
    ['this machine', (port: number) => `http://127.0.0.1:${port}/`],
    ['this machine in octal', (port: number) => `http://0177.1:${port}/`],
    ['this machine as a number', (port: number) => `//2130706433:${port}/`],
    ['this machine in IPv6', (port: number) => `http://[::ffff:7f00:1]:${port}/`],
    ['this machine by a name', (port: number) => `http://localhost:${port}/`],
  ])('is not followed: %s', async (_what, location) => {
    let connections = 0;
    const inner = createServer((_request, response) => response.end('inner secret'));
    inner.on('connection', () => connections++);
    const { port } = new URL(await listen(inner));
    const url = await serve((_request, response) =>
      response.writeHead(302, { Location: location(Number(port)) }).end(),
    );
    const careful = new HttpClient(lonelyBreakers(), outboundTo(`127.0.0.1:${new URL(url).port}`));
    const request = { method: 'GET', url, headers: {}, body: null, timeoutMs: 10_000 };
    const refused: unknown = await careful
      .send({ ...request, signal: new AbortController().signal })
      .catch((error: unknown) => error);
    await careful.onApplicationShutdown();
    expect(refused).toBeInstanceOf(HttpRequestError);
    // The first request was answered: whether it had an effect is not known.
    expect(refused).toMatchObject({ started: true, timedOut: false });
    expect(String(refused)).toContain('OUTBOUND_ALLOWED');
    expect(connections).toBe(0);
  });

  it('as in a step that names such an address itself, sends nothing', async () => {
    expect(await failure('http://169.254.169.254/')).toMatchObject({ started: false, timedOut: false });
  });
});

describe('a TLS server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aiops-tls-spec-'));
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  beforeAll(() => {
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    const options = [
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=x',
    ];
    execFileSync('openssl', ['req', ...options, '-days', '1', ...files], { stdio: 'ignore' });
  });
  afterAll(() => {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    rmSync(folder, { recursive: true });
  });

  it('with a certificate of its own making is sent nothing, even where Node.js is told to look away', async () => {
    let asked = 0;
    const read = (name: string) => readFileSync(join(folder, name));
    const server = createTlsServer({ key: read('key.pem'), cert: read('cert.pem') }, (_request, response) => {
      asked++;
      response.end();
    });
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const refused = await failure(`https://127.0.0.1:${port}`, { headers: { Authorization: 's3cret' } });
    expect(refused).toMatchObject({ started: false });
    expect(refused.message).toContain('certificate');
    expect(asked).toBe(0);
  });
});
