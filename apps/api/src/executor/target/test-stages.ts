import { lookup } from 'node:dns/promises';
import { createConnection, type Socket } from 'node:net';
import { messageOf, OutboundRefusedError } from '../../platform/index.js';
import type { TestStage } from '../executor.js';
import type { Target } from './target.repository.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** Opens a connection. */
export type Connect = (to: { host: string; port: number }, timeoutMs: number) => Promise<Socket>;

/** Collects the stages of one test with the time that each took. */
export class TestStages {
  readonly all: TestStage[] = [];
  private since = performance.now();

  done(name: TestStage['name'], ok: boolean, message: string): void {
    const now = performance.now();
    this.all.push({ name, ok, message, duration_ms: Math.round(now - this.since) });
    this.since = now;
  }

  /** Runs one stage. @returns whether it went well. */
  async run(name: TestStage['name'], work: () => Promise<string>): Promise<boolean> {
    try {
      this.done(name, true, await work());
      return true;
    } catch (error) {
      this.done(name, false, messageOf(error));
      return false;
    }
  }

  /** The first two stages of any target that is reached over TCP. */
  async reach(target: Target, open: Connect = openSocket): Promise<boolean> {
    return (
      (await this.run('resolve', () => resolve(target))) &&
      (await this.run('connect', () => connect(target, open)))
    );
  }
}

async function resolve(target: Target): Promise<string> {
  try {
    return `${target.host} is ${(await lookup(target.host)).address}`;
  } catch (cause) {
    throw new Error(`The name ${target.host} could not be resolved. Check it, and DNS.`, { cause });
  }
}

async function connect({ host, port }: Target, open: Connect): Promise<string> {
  try {
    (await open({ host, port }, CONNECT_TIMEOUT_MS)).destroy();
    return `Port ${port} is open`;
  } catch (cause) {
    if (cause instanceof OutboundRefusedError) throw cause;
    const why = `Port ${port} of ${host} cannot be reached (${messageOf(cause)})`;
    throw new Error(`${why}. Check the port, that the service runs, and firewalls.`, { cause });
  }
}

/** Hosts that are reached over SSH may be anywhere, the engine's own machine included: docs/adr/0008-outbound-calls.md. */
function openSocket(to: { host: string; port: number }, timeoutMs: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = createConnection({ ...to, timeout: timeoutMs });
    const refuse = (error: Error): void => {
      socket.destroy();
      fail(error);
    };
    socket.once('connect', () => done(socket));
    socket.once('timeout', () => refuse(new Error(`no answer within ${timeoutMs / 1000} s`)));
    socket.once('error', refuse);
  });
}
