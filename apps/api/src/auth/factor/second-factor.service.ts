import { Injectable } from '@nestjs/common';
import type { PasskeyAssertion, SecondFactorInput, SecondFactorMethod } from '@aiops/contracts';
import { anonymousActor, AuditLog, DatabaseSession, UserError } from '../../platform/index.js';
import type { AuthMethod } from '../session/session-rules.js';
import { LoginThrottle } from '../sign-in/login-throttle.service.js';
import type { Proven } from '../sign-in/password-factor.service.js';
import { UserRepository, type User } from '../user/user.repository.js';
import { Challenges, type Challenge } from './challenge.repository.js';
import { FactorRepository } from './factor.repository.js';
import { Passkeys } from './passkeys.service.js';
import { RecoveryCodes } from './recovery-codes.service.js';
import { Totp } from './totp.service.js';

/** Somebody whose password was right, and who has to prove more. */
export interface Pending {
  token: string;
  methods: SecondFactorMethod[];
  passkeyOptions: object | null;
}

const refused = (): UserError =>
  new UserError('unauthenticated', 'This does not prove who you are. Try again.');

/** The second step of signing in, and passkeys, which are both steps in one. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly repository: FactorRepository,
    private readonly challenges: Challenges,
    private readonly totp: Totp,
    private readonly codes: RecoveryCodes,
    private readonly passkeys: Passkeys,
    private readonly users: UserRepository,
    private readonly throttle: LoginThrottle,
    private readonly transactions: DatabaseSession,
    private readonly audit: AuditLog,
  ) {}

  /** What is still to be proved; null when that is nothing. */
  async begin({ user, methods }: Proven, host: string | undefined): Promise<Pending | null> {
    const { totp, passkeys } = await this.repository.count(user.id);
    if (!totp && passkeys === 0) return null;
    const usable = passkeys > 0 && this.passkeys.party(host) !== null;
    const options = usable ? await this.passkeys.signInOptions(user.id, host) : null;
    const token = await this.challenges.begin({
      purpose: 'second_factor',
      user,
      methods: [...methods],
      challenge: options?.challenge ?? null,
    });
    const left = await this.codes.left(user.id);
    return {
      token,
      methods: [
        ...(usable ? ['passkey' as const] : []),
        ...(totp ? ['totp' as const] : []),
        ...(left > 0 ? ['recovery_code' as const] : []),
      ],
      passkeyOptions: options,
    };
  }

  /**
   * Proves what was still to be proved. Attempts are counted by person, so that a password that is known is no way to
   * guess codes (OWASP ASVS 5.0, 6.3.1).
   * @throws UserError `unauthenticated`, `rate_limited`
   */
  async prove(input: SecondFactorInput, host: string | undefined): Promise<Proven> {
    const begun = await this.challenges.find(input.token, 'second_factor');
    const user = await this.personOf(begun.userId);
    if (user.tokenVersion !== begun.tokenVersion) throw refused();
    // A signature cannot be guessed: nobody who guesses codes keeps out who has a passkey.
    const attempt = 'passkey' in input ? {} : await this.throttle.beginFactor('code', user.id);
    // A code is used up only together with the attempt that it completes.
    const method = await this.transactions.transaction(async () => {
      const proved = await this.methodProved(input, user, begun, host);
      if (proved !== null) await this.challenges.take(input.token, 'second_factor');
      return proved;
    });
    if (method === null) {
      await this.challenges.noteFailure(begun);
      throw await this.failure(user);
    }
    await this.throttle.succeeded(attempt);
    return { user, methods: [...begun.methods, method] };
  }

  /** What a browser needs to sign in with a passkey alone. */
  async beginPasskey(host: string | undefined): Promise<{ token: string; options: object }> {
    const options = await this.passkeys.signInOptions(null, host);
    const token = await this.challenges.begin({
      purpose: 'passkey_sign_in',
      user: null,
      methods: [],
      challenge: options.challenge,
    });
    return { token, options };
  }

  /** Signs in with a passkey alone, which verified its person. @throws UserError `unauthenticated` */
  async provePasskey(token: string, response: PasskeyAssertion, host: string | undefined): Promise<Proven> {
    const begun = await this.challenges.take(token, 'passkey_sign_in');
    const expected = { challenge: begun.challenge ?? '', verified: true };
    const proof = await this.passkeys.prove(response, expected, host);
    if (proof === null) throw await this.failure(null);
    return { user: await this.personOf(proof.passkey.userId), methods: [proof.method] };
  }

  private async methodProved(
    input: SecondFactorInput,
    user: User,
    begun: Challenge,
    host: string | undefined,
  ): Promise<AuthMethod | null> {
    if ('code' in input) return (await this.totp.prove(user.id, input.code)) ? 'otp' : null;
    if ('recovery_code' in input) return (await this.codes.use(user, input.recovery_code)) ? 'otp' : null;
    if (begun.challenge === null) return null;
    const expected = { challenge: begun.challenge, verified: false };
    const proof = await this.passkeys.prove(input.passkey, expected, host);
    return proof?.passkey.userId === user.id ? proof.method : null;
  }

  /** @throws UserError `unauthenticated` for somebody who was disabled or removed meanwhile */
  private async personOf(id: string | null): Promise<User> {
    const user = id === null ? null : await this.users.find(id);
    if (user === null || user.disabled) throw refused();
    return user;
  }

  private async failure(user: User | null): Promise<UserError> {
    await this.audit.recordApart({
      action: 'user.sign_in_failed',
      subject: { kind: 'user', id: user?.id ?? null, name: user?.username ?? null },
      actor: anonymousActor,
      outcome: 'failed',
      reason: 'The second factor was not right.',
    });
    return refused();
  }
}
