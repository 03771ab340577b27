import { Injectable } from '@nestjs/common';
import type { TargetTestResult } from '@aiops/contracts';
import { lookup } from 'node:dns/promises';
import { createConnection } from 'node:net';
import { messageOf } from '../../platform/index.js';
import { ConnectError } from '../errors.js';
import type { CommandSession } from '../ssh/command-session.js';
import { CommandSessions } from '../ssh/command-sessions.service.js';
import type { Target } from './target.repository.js';
import { TargetService } from './target.service.js';

type Stage = TargetTestResult['stages'][number];

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 10_000;

/** The "check connection" of a target: stage by stage, so that the failing one can be explained. */
@Injectable()
export class TargetTester {
  constructor(
    private readonly targets: TargetService,
    private readonly sessions: CommandSessions,
  ) {}

  async test(id: string): Promise<TargetTestResult> {
    const target = await this.targets.get(id);
    const stages: Stage[] = [];
    const stage = async <T>(
      name: Stage['name'],
      work: () => Promise<T>,
      good: (value: T) => string,
    ): Promise<T | null> => {
      const started = performance.now();
      const done = (ok: boolean, message: string) =>
        stages.push({ name, ok, message, duration_ms: Math.round(performance.now() - started) });
      try {
        const value = await work();
        done(true, good(value));
        return value;
      } catch (error) {
        done(false, messageOf(error));
        return null;
      }
    };
    const resolved = await stage(
      'resolve',
      () => resolve(target),
      (address) => `${target.host} is ${address}`,
    );
    const open =
      resolved !== null &&
      (await stage(
        'connect',
        () => reach(target),
        () => `Port ${target.port} is open`,
      )) !== null;
    if (open && target.kind === 'ssh') await this.testSession(target, stage, stages);
    return { ok: stages.every((entry) => entry.ok), stages };
  }

  private async testSession(
    target: Target,
    stage: <T>(name: Stage['name'], work: () => Promise<T>, good: (value: T) => string) => Promise<T | null>,
    stages: Stage[],
  ): Promise<void> {
    const started = performance.now();
    let session: CommandSession;
    try {
      session = await this.sessions.open(target, { signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS) });
    } catch (error) {
      const aboutKey =
        error instanceof ConnectError && ['unknown_host_key', 'host_key_changed'].includes(error.code);
      const duration_ms = Math.round(performance.now() - started);
      if (!aboutKey)
        stages.push({ name: 'host_key', ok: true, message: 'The host key is accepted', duration_ms });
      stages.push({
        name: aboutKey ? 'host_key' : 'login',
        ok: false,
        message: messageOf(error),
        duration_ms,
      });
      return;
    }
    const duration_ms = Math.round(performance.now() - started);
    stages.push({ name: 'host_key', ok: true, message: 'The host key is accepted', duration_ms });
    stages.push({ name: 'login', ok: true, message: `Signed in as ${target.username ?? ''}`, duration_ms });
    try {
      await stage(
        'command',
        () => echo(session, target),
        () => `A command ran in the ${target.shell} shell`,
      );
    } finally {
      session.close();
    }
  }
}

async function resolve(target: Target): Promise<string> {
  try {
    return (await lookup(target.host)).address;
  } catch (cause) {
    throw new Error(`The name ${target.host} could not be resolved. Check it, and DNS.`, { cause });
  }
}

function reach(target: Target): Promise<true> {
  return new Promise((done, fail) => {
    const socket = createConnection({ host: target.host, port: target.port, timeout: CONNECT_TIMEOUT_MS });
    const refuse = (why: string): void => {
      socket.destroy();
      fail(
        new Error(
          `Port ${target.port} of ${target.host} ${why}. Check the port, that the service runs, and firewalls.`,
        ),
      );
    };
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('timeout', () => refuse(`did not answer within ${CONNECT_TIMEOUT_MS / 1000} s`));
    socket.once('error', (error) => refuse(`cannot be reached (${error.message})`));
  });
}

async function echo(session: CommandSession, target: Target): Promise<void> {
  const wanted = 'aiops-ok';
  let output = '';
  const { exitCode } = await session.run({
    command: `echo ${wanted}`,
    shell: target.shell,
    timeoutMs: COMMAND_TIMEOUT_MS,
    signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
    onOutput: (_stream, chunk) => {
      output += chunk.toString('utf8');
    },
  });
  if (exitCode !== 0 || !output.includes(wanted)) {
    throw new Error(
      `The test command ended with ${exitCode ?? 'a signal'}. Is "${target.shell}" the right shell? It said: ${output.slice(0, 200)}`,
    );
  }
}
