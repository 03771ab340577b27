import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LessThan, LessThanOrEqual, MoreThan } from 'typeorm';
import { Clock, DatabaseSession, UserError } from '../../platform/index.js';
import type { User } from '../user/user.repository.js';
import { SignInChallengeEntity, type ChallengePurpose } from './sign-in-challenge.entity.js';

/** Wrong codes for one sign-in, whatever else slows down who guesses. */
const MOST_TRIES = 5;
/** Long enough to find one's phone. */
const LIFETIME_MS = 5 * 60_000;
export const CHALLENGE_SECONDS = LIFETIME_MS / 1000;

export type Challenge = Omit<SignInChallengeEntity, 'user'>;
type Begun = Pick<Challenge, 'purpose' | 'methods' | 'challenge'> & {
  /** Null while nobody knows who signs in. */
  user: Pick<User, 'id' | 'tokenVersion'> | null;
};

const digest = (token: string): string => hash('sha256', token, 'base64url');

/** Whoever makes a passkey is signed in. */
const over = (purpose: ChallengePurpose, why: string): UserError =>
  new UserError(purpose === 'passkey_registration' ? 'conflict' : 'unauthenticated', why);

/** What was begun and is to be proved: known by a token that only its beginner has, once, and for minutes. */
@Injectable()
export class Challenges {
  constructor(
    private readonly session: DatabaseSession,
    private readonly clock: Clock,
  ) {}

  /** @returns the token to go on with */
  async begin({ user, ...begun }: Begun): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(this.clock.now().getTime() + LIFETIME_MS);
    await this.session.manager.insert(SignInChallengeEntity, {
      ...begun,
      userId: user?.id ?? null,
      tokenVersion: user?.tokenVersion ?? null,
      hash: digest(token),
      tries: 0,
      expiresAt,
    });
    return token;
  }

  /** @throws UserError `unauthenticated` for a token that is no such challenge, or not any more; `conflict` in a registration */
  async find(token: string, purpose: ChallengePurpose): Promise<Challenge> {
    const found = await this.session.manager.findOneBy(SignInChallengeEntity, {
      hash: digest(token),
      purpose,
      expiresAt: MoreThan(this.clock.now()),
      tries: LessThan(MOST_TRIES),
    });
    if (found === null) throw over(purpose, 'This took too long. Begin again.');
    return found;
  }

  /** Takes it, so that nobody proves it again. @throws UserError `unauthenticated` as `find`, and when somebody took it */
  async take(token: string, purpose: ChallengePurpose): Promise<Challenge> {
    const found = await this.find(token, purpose);
    const { affected } = await this.session.manager.delete(SignInChallengeEntity, { hash: found.hash });
    if (affected !== 1) throw over(purpose, 'This was done already. Begin again.');
    return found;
  }

  /** It was tried in vain. */
  async noteFailure({ hash: found }: Challenge): Promise<void> {
    await this.session.manager.increment(SignInChallengeEntity, { hash: found }, 'tries', 1);
  }

  /** What a person began is not to be gone on with. */
  async forget(userId: string): Promise<void> {
    await this.session.manager.delete(SignInChallengeEntity, { userId });
  }

  /** Removes what nobody can prove any more. @returns how many */
  async removeOver(): Promise<number> {
    const over = { expiresAt: LessThanOrEqual(this.clock.now()) };
    return (await this.session.manager.delete(SignInChallengeEntity, over)).affected ?? 0;
  }
}
