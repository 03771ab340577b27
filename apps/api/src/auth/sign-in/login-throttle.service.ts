import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  AppConfig,
  CallContext,
  Clock,
  DatabaseSession,
  networkOf,
  UserError,
} from '../../platform/index.js';
import { LoginThrottleRepository } from './login-throttle.repository.js';
import { attempt, policies, withoutOne, type Attempts, type ThrottleKind } from './throttle-rules.js';

/** An attempt under way: the keys that it was counted under. */
export type CountedAttempt = Readonly<Partial<Record<ThrottleKind, string>>>;

/** Slows down who guesses passwords, on all replicas together. */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly repository: LoginThrottleRepository,
    private readonly calls: CallContext,
    private readonly config: AppConfig,
    private readonly transactions: DatabaseSession,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts an attempt as failed, before anything else is done for it. `isKnown`: from a browser or an address where this
   * person has been signed in.
   * @throws UserError `rate_limited` that says when to come back, whether or not there is such a user
   */
  async begin(username: string, isKnown: boolean): Promise<CountedAttempt> {
    if (this.config.settings.RATE_LIMIT_LOGIN_PER_MINUTE === 0) return {};
    return this.countOrRefuse(this.keysOf(username, isKnown));
  }

  /** The same for what somebody proves besides the first factor, which has few codes: no setting takes this away. @throws UserError `rate_limited` */
  async beginFactor(what: 'code' | 'confirmation', userId: string): Promise<CountedAttempt> {
    return this.countOrRefuse({ factor: digest('factor', what, userId) });
  }

  private async countOrRefuse(keys: CountedAttempt): Promise<CountedAttempt> {
    const waitMs = await this.transactions.transaction(() => this.count(keys));
    if (waitMs === 0) return keys;
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    throw UserError.tooMany(`There were too many attempts to sign in. Try again in ${seconds} s.`, seconds);
  }

  /** The attempt succeeded: what failed under this name is forgotten, what failed from this address is not. */
  async succeeded({ address, ...others }: CountedAttempt): Promise<void> {
    const forgotten = Object.values(others);
    const locked = [...forgotten, ...(address === undefined ? [] : [address])];
    if (locked.length === 0) return;
    await this.transactions.transaction(async () => {
      const before = (await this.repository.lock(locked)).get(address ?? '');
      await this.repository.remove(forgotten);
      if (before === undefined || address === undefined) return;
      await this.repository.store([[address, withoutOne(before)]]);
    });
  }

  /** @returns how long to wait in milliseconds; 0 when the attempt was admitted and counted */
  private async count(keys: CountedAttempt): Promise<number> {
    const kinds = Object.entries(keys) as [ThrottleKind, string][];
    const known = await this.repository.lock(kinds.map(([, key]) => key));
    const now = this.clock.now();
    const judged = kinds.map(([kind, key]) => ({
      key,
      ...attempt(known.get(key) ?? null, now, policies[kind]),
    }));
    const waits = judged.flatMap((one) => (one.admitted ? [] : [one.openAt.getTime() - now.getTime()]));
    if (waits.length > 0) return Math.max(...waits);
    const counted = judged.flatMap((one): [string, Attempts][] =>
      one.admitted ? [[one.key, one.after]] : [],
    );
    await this.repository.store(counted);
    return 0;
  }

  private keysOf(username: string, isKnown: boolean): CountedAttempt {
    const name = username.toLowerCase();
    const network = networkOf(this.calls.origin?.remoteAddress ?? '');
    return {
      pair: digest('pair', name, network),
      address: digest('address', network),
      ...(isKnown ? {} : { account: digest('account', name) }),
    };
  }
}

const digest = (...parts: string[]): string => hash('sha256', JSON.stringify(parts), 'base64url');
