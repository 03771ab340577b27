import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns';
import { once } from 'node:events';

import type { Resolve } from './outbound.service.js';

/** A DNS server that answers each question with what comes next. */
export interface DnsServer {
  resolve: Resolve;
  /** Questions so far. */
  asked: () => number;
  /** From now on, the first question gets the first addresses, and so on, round and round. */
  answers(...next: string[][]): void;
  stop(): void;
}

const HEADER_BYTES = 12;

/** A real one over UDP on a loopback port (RFC 1035, 4.1), for names with A records that may not be kept. */
export async function startDnsServer(): Promise<DnsServer> {
  let turns: string[][] = [[]];
  let asked = 0;
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const addresses = turns[asked++ % turns.length] ?? [];
    socket.send(answerTo(query, addresses), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    resolve: (name, _options, callback) =>
      resolver.resolve4(name, (error, addresses) =>
        callback(error, error === null ? addresses.map((address) => ({ address, family: 4 })) : []),
      ),
    asked: () => asked,
    answers: (...next) => {
      turns = next;
      asked = 0;
    },
    stop: () => {
      resolver.cancel();
      socket.close();
    },
  };
}

function answerTo(query: Buffer, addresses: readonly string[]): Buffer {
  const endOfName = query.indexOf(0, HEADER_BYTES) + 1;
  const question = query.subarray(HEADER_BYTES, endOfName + 4);
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8580, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) => {
    // The name of the question, type A, class IN, nothing to keep, four bytes.
    const record = Buffer.from([0xc0, HEADER_BYTES, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
    return Buffer.concat([record, Buffer.from(address.split('.').map(Number))]);
  });
  return Buffer.concat([header, question, ...records]);
}
