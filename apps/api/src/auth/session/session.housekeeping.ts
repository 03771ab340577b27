import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AppConfig, Clock } from '../../platform/index.js';
import { InvitationRepository } from '../invitation/invitation.repository.js';
import { Challenges } from '../factor/challenge.repository.js';
import { SigningKeyRepository } from '../signing-key/signing-key.repository.js';
import { LoginThrottleRepository } from '../sign-in/login-throttle.repository.js';
import { RefreshTokenRepository } from './refresh-token.repository.js';
import { SessionRepository } from './session.repository.js';

const EVERY_MS = 3_600_000;
/**
 * How long sessions that are over are kept: their addresses are those that a person is known from. As long, at least, a
 * refresh token that was used is recognised when it comes back.
 */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Longer than any attempt to sign in is remembered. */
const QUIET_MS = 48 * 3_600_000;

/** What housekeeping removed. */
export interface Removed {
  sessions: number;
  refreshTokens: number;
  signingKeys: number;
  throttles: number;
  invitations: number;
  challenges: number;
}

/** Removes what nobody needs any more: old sessions, used refresh tokens, retired signing keys, old failures, used links. */
@Injectable()
export class SessionHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('auth');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly sessions: SessionRepository,
    private readonly tokens: RefreshTokenRepository,
    private readonly keys: SigningKeyRepository,
    private readonly throttles: LoginThrottleRepository,
    private readonly invitations: InvitationRepository,
    private readonly challenges: Challenges,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.runsJobs) return;
    this.timer = setInterval(() => {
      this.sweeping = this.sweep().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'old sessions could not be removed yet'),
      );
    }, EVERY_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** Removes all that is over now. Several processes may do so at once. */
  async sweep(): Promise<Removed> {
    const now = this.clock.now();
    const kept = Math.max(KEPT_MS, this.config.settings.SESSION_LIFETIME_MS);
    const before = new Date(now.getTime() - kept);
    return {
      sessions: await this.sessions.removeOver(before),
      refreshTokens: await this.tokens.removeUsed(before),
      signingKeys: await this.keys.removeRetired(now),
      throttles: await this.throttles.removeQuiet(new Date(now.getTime() - QUIET_MS)),
      invitations: await this.invitations.removeOver(before),
      challenges: await this.challenges.removeOver(),
    };
  }
}
