import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A chat that takes Slack's webhook format and shows what it is told. */
export async function startChat(
  show: (text: string) => void,
): Promise<{ url: string; messages: string[]; stop(): void }> {
  const messages: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { text } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { text: string };
      messages.push(text);
      show(text);
      response.end('ok');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    messages,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
