import { Injectable } from '@nestjs/common';
import { Clock, SecretBox, UserError, type SealedStore } from '../../platform/index.js';
import { FactorRepository, type TotpFactor } from './factor.repository.js';
import { newTotpSecret, stepOf, totpUri } from './totp.js';

const contextOf = (userId: string): string => `totp:${userId}`;

export const totpSecretsAtRest: SealedStore = {
  table: 'totp_factors',
  id: 'user_id',
  keyId: 'key_id',
  sealed: 'sealed',
  context: contextOf,
};

/** Codes of authenticator apps. */
@Injectable()
export class Totp {
  constructor(
    private readonly repository: FactorRepository,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** A secret for an app; it counts for nothing until a code of it is confirmed. @throws UserError `conflict` */
  async enrol(user: { id: string; username: string }): Promise<{ secret: string; uri: string }> {
    const existing = await this.repository.totp(user.id);
    if (existing !== null && existing.confirmedAt !== null) {
      throw new UserError('conflict', 'There is an authenticator app already. Remove it first.');
    }
    const secret = newTotpSecret();
    await this.repository.storeTotp({
      userId: user.id,
      ...this.box.seal(secret, contextOf(user.id)),
      confirmedAt: null,
      lastStep: null,
      createdAt: this.clock.now(),
    });
    return { secret, uri: totpUri(secret, user.username) };
  }

  /** Whether this is the first code of a secret, which counts from now on. @throws UserError `conflict` */
  async confirm(userId: string, code: string): Promise<boolean> {
    const factor = await this.repository.totp(userId);
    if (factor === null) throw new UserError('conflict', 'Begin with a new secret for the app.');
    if (factor.confirmedAt !== null) throw new UserError('conflict', 'The app is set up already.');
    const step = this.step(factor, code);
    if (step === null) return false;
    await this.repository.storeTotp({ ...factor, confirmedAt: this.clock.now(), lastStep: step });
    return true;
  }

  /** Whether this is a code of the user's app that was not taken before (RFC 6238, 5.2; OWASP ASVS 5.0, 6.5.1). */
  async prove(userId: string, code: string): Promise<boolean> {
    const factor = await this.repository.totp(userId);
    if (factor === null || factor.confirmedAt === null) return false;
    const step = this.step(factor, code);
    return step !== null && (await this.repository.takeStep(userId, step));
  }

  private step(factor: TotpFactor, code: string): number | null {
    return stepOf(this.box.open(factor, contextOf(factor.userId)), code, this.clock.now());
  }
}
