import { Injectable } from '@nestjs/common';
import { AppConfig, BreakerOpenError, Breakers, retrying, retryPolicy } from '../../platform/index.js';
import { ConnectError, type ConnectErrorCode } from '../errors.js';
import { ExecutorRegistry } from '../executor.registry.js';
import { targetBreaker } from '../target/target-breaker.js';
import { TargetContacts } from '../target/target-contacts.service.js';
import type { Target } from '../target/target.repository.js';
import type { CommandSession } from './command-session.js';
import { tracedConnect } from './traced-session.js';

/** What the breaker counts: a host that is away. A wrong key or password says that it is there. */
const away = new Set<ConnectErrorCode>(['unreachable', 'timeout']);
/** These say something about the host; the others only that nobody tried. */
const answered = new Set<ConnectErrorCode>(['unknown_host_key', 'host_key_changed', 'login_refused']);

/** Opens sessions on targets: host key first, then the sign-in, then commands. */
@Injectable()
export class CommandSessions {
  constructor(
    private readonly executors: ExecutorRegistry,
    private readonly contacts: TargetContacts,
    private readonly breakers: Breakers,
    private readonly config: AppConfig,
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
    const counts = (error: unknown): boolean => error instanceof ConnectError && away.has(error.code);
    try {
      return await this.breakers.run(targetBreaker(target), () => this.attempts(target, signal), { counts });
    } catch (error) {
      if (error instanceof BreakerOpenError) throw paused(target, error);
      throw error;
    }
  }

  /** Connecting is safe to repeat: no command is started before there is a session. */
  private async attempts(target: Target, signal: AbortSignal): Promise<CommandSession> {
    const policy = { ...retryPolicy(this.config.settings), safe: true, signal, mayPass } as const;
    try {
      return await retrying(policy, () => tracedConnect(target, () => this.connect(target, signal)));
    } catch (error) {
      if (!(error instanceof ConnectError)) throw signal.aborted ? givenUp(target, error) : error;
      const isAway = away.has(error.code);
      if (isAway || answered.has(error.code)) {
        await this.contacts.record(target.id, { reachable: !isAway, error: error.message });
      }
      throw error;
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

/** One that only hangs took long enough the first time. */
const mayPass = (error: unknown): boolean => error instanceof ConnectError && error.code === 'unreachable';

const givenUp = (target: Target, cause: unknown): ConnectError =>
  new ConnectError('cancelled', `The connection to ${target.name} was given up. Nothing was run.`, { cause });

const paused = (target: Target, cause: Error): ConnectError =>
  new ConnectError(
    'unreachable',
    `${target.name} could not be reached several times; it is tried again shortly. Nothing was run.`,
    { cause },
  );
