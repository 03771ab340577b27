import { lookup } from 'node:dns/promises';
import { createConnection } from 'node:net';
import { messageOf } from '../../platform/index.js';
import type { TestStage } from '../executor.js';
import type { Target } from './target.repository.js';

const CONNECT_TIMEOUT_MS = 5_000;

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
  async reach(target: Target): Promise<boolean> {
    return (
      (await this.run('resolve', () => resolve(target))) && (await this.run('connect', () => connect(target)))
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

function connect({ host, port }: Target): Promise<string> {
  return new Promise((done, fail) => {
    const socket = createConnection({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const refuse = (why: string): void => {
      socket.destroy();
      fail(
        new Error(`Port ${port} of ${host} ${why}. Check the port, that the service runs, and firewalls.`),
      );
    };
    socket.once('connect', () => {
      socket.destroy();
      done(`Port ${port} is open`);
    });
    socket.once('timeout', () => refuse(`did not answer within ${CONNECT_TIMEOUT_MS / 1000} s`));
    socket.once('error', (error) => refuse(`cannot be reached (${error.message})`));
  });
}
