import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Shutdown } from '../health/shutdown.service.js';

/** How long clients get to use a connection once more, and be told that it ends, before it is closed while it rests. */
const LINGER_MS = 250;
const SWEEP_MS = 50;

/**
 * Ends the connections of a server so that no request is lost that was taken in. Closing a connection that rests is a
 * race: the next request may be on its way (RFC 9112 §9.5). So from the beginning of the shutdown on every answer says
 * `Connection: close`, which ends busy connections in agreement; only what has rested since is closed without a word.
 */
export class HttpDrain {
  private readonly logger = new Logger('shutdown');
  private readonly sockets = new Set<Socket>();
  /** Sockets that speak WebSocket by now: nobody waits for an answer on them. */
  private readonly upgraded = new WeakSet<Socket>();
  private readonly answers = new Set<ServerResponse>();

  constructor(
    private readonly server: Server,
    private readonly shutdown: Shutdown,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('upgrade', (_request, socket: Socket) => this.upgraded.add(socket));
    // Before the framework, which may answer at once.
    server.prependListener('request', (_request, answer: ServerResponse) => {
      if (shutdown.begun) endsWith(answer);
      this.answers.add(answer);
      answer.once('close', () => this.answers.delete(answer));
    });
    shutdown.onDrain('http', () => this.drain(), { afterDelay: true });
  }

  private async drain(): Promise<void> {
    // Not the close of http.Server, which would also close every connection that rests, at once.
    NetServer.prototype.close.call(this.server);
    for (const answer of this.answers) endsWith(answer);
    const linger = Math.min(LINGER_MS, this.shutdown.remainingMs / 4);
    await Promise.race([this.gone(() => this.sockets.size), sleep(linger)]);
    const sweep = setInterval(() => this.server.closeIdleConnections(), SWEEP_MS);
    this.server.closeIdleConnections();
    const requests = () => [...this.sockets].filter((socket) => !this.upgraded.has(socket)).length;
    const inTime = await this.shutdown.within(this.gone(requests));
    clearInterval(sweep);
    if (!inTime) this.logger.warn({ requests: requests() }, 'requests that did not end in time are cut off');
    for (const socket of this.sockets) socket.destroy();
  }

  /** Resolves when none of what `count` counts is left. */
  private async gone(count: () => number): Promise<void> {
    while (count() > 0 && this.shutdown.remainingMs > 0) await sleep(SWEEP_MS / 2);
  }
}

/** Lets the connection end with this answer, unless that has left already. */
function endsWith(answer: ServerResponse): void {
  if (!answer.headersSent) answer.setHeader('Connection', 'close');
}
