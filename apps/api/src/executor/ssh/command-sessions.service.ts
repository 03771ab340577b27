import { Injectable } from '@nestjs/common';
import type { Client } from 'ssh2';
import { BreakerOpenError, Breakers, Clock } from '../../platform/index.js';
import { CredentialService } from '../credential/credential.service.js';
import { ConnectError, type ConnectErrorCode } from '../errors.js';
import { HostKeyService } from '../host-key/host-key.service.js';
import { targetBreaker } from '../target/target-breaker.js';
import { TargetRepository, type Target } from '../target/target.repository.js';
import type { CommandSession } from './command-session.js';
import { sshConnect } from './ssh-connect.js';
import { SshSession } from './ssh-session.js';

/** What the breaker counts: a host that is away. A wrong key or password says that it is there. */
const countsAsFailure = new Set<ConnectErrorCode>(['unreachable', 'timeout']);

/** Opens sessions on targets: host key first, then the sign-in, then commands. */
@Injectable()
export class CommandSessions {
  constructor(
    private readonly credentials: CredentialService,
    private readonly hostKeys: HostKeyService,
    private readonly targets: TargetRepository,
    private readonly breakers: Breakers,
    private readonly clock: Clock,
  ) {}

  /** @throws ConnectError that says what a person can do; nothing was run then. */
  async open(target: Target, options: { signal: AbortSignal }): Promise<CommandSession> {
    const outcome = await this.guarded(target, options.signal);
    if (outcome instanceof ConnectError) {
      await this.targets.contact(target.id, {
        reachable: !countsAsFailure.has(outcome.code),
        lastSeenAt: target.lastSeenAt,
        lastError: outcome.message,
      });
      throw outcome;
    }
    await this.targets.contact(target.id, { reachable: true, lastSeenAt: this.clock.now(), lastError: null });
    return new SshSession(outcome, target.name);
  }

  private async guarded(target: Target, signal: AbortSignal): Promise<Client | ConnectError> {
    try {
      return await this.breakers.run(targetBreaker(target), async () => {
        try {
          return await this.connect(target, signal);
        } catch (error) {
          if (error instanceof ConnectError && !countsAsFailure.has(error.code)) return error;
          throw error;
        }
      });
    } catch (error) {
      if (error instanceof BreakerOpenError) {
        return new ConnectError(
          'unreachable',
          `${target.name} could not be reached several times in a row; it is tried again shortly. Nothing was run.`,
          { cause: error },
        );
      }
      if (error instanceof ConnectError) return error;
      throw error;
    }
  }

  private async connect(target: Target, signal: AbortSignal): Promise<Client> {
    if (target.kind !== 'ssh') {
      throw new ConnectError(
        'not_configured',
        `${target.name} is not an SSH target, so commands cannot run on it.`,
      );
    }
    if (target.credentialId === null) {
      throw new ConnectError(
        'not_configured',
        `${target.name} has no credential. Give it one under Targets › ${target.name}.`,
      );
    }
    const [credential, acceptedAlgorithms] = await Promise.all([
      this.credentials.open(target.credentialId),
      this.hostKeys.acceptedAlgorithms(target.id),
    ]);
    return sshConnect({
      target,
      credential,
      acceptedAlgorithms,
      verify: (key) => this.hostKeys.check(target, key),
      signal,
    });
  }
}
