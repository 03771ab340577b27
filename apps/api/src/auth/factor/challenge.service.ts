import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LessThanOrEqual, MoreThan } from 'typeorm';
import { Clock, DatabaseSession, UserError } from '../../platform/index.js';
import { SignInChallengeEntity, type ChallengePurpose } from './sign-in-challenge.entity.js';

/** Long enough to find one's phone. */
const LIFETIME_MS = 5 * 60_000;
export const CHALLENGE_SECONDS = LIFETIME_MS / 1000;

export type Challenge = Omit<SignInChallengeEntity, 'user'>;
type Begun = Pick<Challenge, 'purpose' | 'userId' | 'methods' | 'challenge'>;

const digest = (token: string): string => hash('sha256', token, 'base64url');

/** What was begun and is to be proved: known by a token that only its beginner has, once, and for minutes. */
@Injectable()
export class Challenges {
  constructor(
    private readonly session: DatabaseSession,
    private readonly clock: Clock,
  ) {}

  /** @returns the token to go on with */
  async begin(begun: Begun): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(this.clock.now().getTime() + LIFETIME_MS);
    await this.session.manager.insert(SignInChallengeEntity, { ...begun, hash: digest(token), expiresAt });
    return token;
  }

  /** @throws UserError `unauthenticated` for a token that is no such challenge, or not any more */
  async find(token: string, purpose: ChallengePurpose): Promise<Challenge> {
    const found = await this.session.manager.findOneBy(SignInChallengeEntity, {
      hash: digest(token),
      purpose,
      expiresAt: MoreThan(this.clock.now()),
    });
    if (found === null) throw new UserError('unauthenticated', 'This took too long. Begin again.');
    return found;
  }

  /** Takes it, so that nobody proves it again. @throws UserError `unauthenticated` as `find`, and when somebody took it */
  async take(token: string, purpose: ChallengePurpose): Promise<Challenge> {
    const found = await this.find(token, purpose);
    const { affected } = await this.session.manager.delete(SignInChallengeEntity, { hash: found.hash });
    if (affected !== 1) throw new UserError('unauthenticated', 'This was done already. Begin again.');
    return found;
  }

  /** Removes what nobody can prove any more. @returns how many */
  async removeOver(): Promise<number> {
    const over = { expiresAt: LessThanOrEqual(this.clock.now()) };
    return (await this.session.manager.delete(SignInChallengeEntity, over)).affected ?? 0;
  }
}
