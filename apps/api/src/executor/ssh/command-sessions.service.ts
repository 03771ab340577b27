import { Injectable } from '@nestjs/common';
import { BreakerOpenError, Breakers } from '../../platform/index.js';
import { ConnectError, type ConnectErrorCode } from '../errors.js';
import { ExecutorRegistry } from '../executor.registry.js';
import { targetBreaker } from '../target/target-breaker.js';
import { TargetContacts } from '../target/target-contacts.service.js';
import type { Target } from '../target/target.repository.js';
import type { CommandSession } from './command-session.js';

/** What the breaker counts: a host that is away. A wrong key or password says that it is there. */
const away = new Set<ConnectErrorCode>(['unreachable', 'timeout']);
/** These say something about the host; the others only that nobody tried. */
const answered = new Set<ConnectErrorCode>(['unknown_host_key', 'host_key_changed', 'login_refused']);

type Attempt = { session: CommandSession } | { error: unknown };

/** Opens sessions on targets: host key first, then the sign-in, then commands. */
@Injectable()
export class CommandSessions {
  constructor(
    private readonly executors: ExecutorRegistry,
    private readonly contacts: TargetContacts,
    private readonly breakers: Breakers,
  ) {}

  /** @throws ConnectError that says what a person can do; nothing was run then. */
  async open(target: Target, { signal }: { signal: AbortSignal }): Promise<CommandSession> {
    const session = await this.guarded(target, signal);
    try {
      await this.contacts.record(target.id, { reachable: true, error: null });
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  private async guarded(target: Target, signal: AbortSignal): Promise<CommandSession> {
    let attempt: Attempt;
    try {
      attempt = await this.breakers.run(targetBreaker(target), () => this.attempt(target, signal));
    } catch (error) {
      if (error instanceof BreakerOpenError) throw paused(target, error);
      throw error;
    }
    if ('error' in attempt) throw attempt.error;
    return attempt.session;
  }

  /** Throws what the breaker shall count, and only that. */
  private async attempt(target: Target, signal: AbortSignal): Promise<Attempt> {
    try {
      return { session: await this.connect(target, signal) };
    } catch (error) {
      if (!(error instanceof ConnectError)) return { error };
      const isAway = away.has(error.code);
      if (isAway || answered.has(error.code)) {
        await this.contacts.record(target.id, { reachable: !isAway, error: error.message });
      }
      if (isAway) throw error;
      return { error };
    }
  }

  private async connect(target: Target, signal: AbortSignal): Promise<CommandSession> {
    const session = await this.executors.find(target.kind)?.open?.(target, signal);
    if (session !== undefined) return session;
    throw new ConnectError(
      'not_configured',
      `${target.name} is a target of the kind ${target.kind}, so commands cannot run on it.`,
    );
  }
}

const paused = (target: Target, cause: Error): ConnectError =>
  new ConnectError(
    'unreachable',
    `${target.name} could not be reached several times in a row; it is tried again shortly. Nothing was run.`,
    { cause },
  );
