import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A receiver of webhooks over real HTTP. */
export interface HttpReceiver {
  url: string;
  requests: ReceivedRequest[];
  /** Status of the next answers; `hang` never answers. */
  answer(status: number | 'hang'): void;
  stop(): Promise<void>;
}

/** Starts a receiver on a free loopback port; it answers 200 until told otherwise. */
export async function startHttpReceiver(): Promise<HttpReceiver> {
  let answer: number | 'hang' = 200;
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
      );
      const body = Buffer.concat(chunks).toString('utf8');
      requests.push({ method: request.method ?? '', path: request.url ?? '', headers, body });
      if (answer !== 'hang') response.writeHead(answer).end(answer === 200 ? 'ok' : 'refused by the test');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (next) => {
      answer = next;
    },
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
