import { Injectable } from '@nestjs/common';
import type { PasskeyAssertion, PasskeyRegistration } from '@aiops/contracts';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { AppConfig, Clock, newId, UserError } from '../../platform/index.js';
import { FactorRepository, type Passkey } from './factor.repository.js';
import { relyingParty, type RelyingParty } from './factor-rules.js';

export const NO_PASSKEYS =
  'Browsers give passkeys to names over HTTPS only: set PUBLIC_URL to the https:// address under which people open the app.';

/** A use of a passkey that was right. */
export interface PasskeyProof {
  passkey: Passkey;
  /** `swk`: its person’s other devices may have it; `hwk`: no other device has it (RFC 8176). */
  method: 'hwk' | 'swk';
}

/** Key pairs of people's devices, as WebAuthn Level 3 has it: https://www.w3.org/TR/webauthn-3/ */
@Injectable()
export class Passkeys {
  constructor(
    private readonly repository: FactorRepository,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** Who we are for browsers that called this host; null where they give no passkeys. */
  party(host: string | undefined): RelyingParty | null {
    return relyingParty(this.config.settings.PUBLIC_URL, host);
  }

  /** What a browser needs to make a key pair. @throws UserError `unprocessable` where there are no passkeys */
  async registrationOptions(
    user: { id: string; username: string; displayName: string },
    host: string | undefined,
  ) {
    const { id: rpID } = this.needed(host);
    const known = await this.repository.passkeys(user.id);
    return generateRegistrationOptions({
      rpName: 'AIOps',
      rpID,
      userName: user.username,
      userDisplayName: user.displayName,
      userID: new Uint8Array(Buffer.from(user.id)),
      // We ask for no statement of the maker: it would name the device, and we would trust none more than another.
      attestationType: 'none',
      excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  /** Keeps a key pair that a browser made for `challenge`. @throws UserError `validation`, `conflict` */
  async register(
    user: { id: string },
    input: { name: string; response: PasskeyRegistration; challenge: string },
    host: string | undefined,
  ): Promise<Passkey> {
    const { id: rpId, origin } = this.needed(host);
    const { registrationInfo: info } = await verifying(() =>
      verifyRegistrationResponse({
        response: input.response as Parameters<typeof verifyRegistrationResponse>[0]['response'],
        expectedChallenge: input.challenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: true,
      }),
    );
    if (info === undefined) throw UserError.invalid('passkey', 'was not made for this page');
    const { credential, credentialDeviceType } = info;
    const passkey: Passkey = {
      id: newId(),
      userId: user.id,
      name: input.name,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: String(credential.counter),
      transports: input.response.response['transports'] ?? [],
      synced: credentialDeviceType === 'multiDevice',
      lastUsedAt: null,
      createdAt: this.clock.now(),
    };
    if (await this.repository.addPasskey(passkey)) return passkey;
    throw new UserError('conflict', 'This passkey is known already.');
  }

  /** What a browser needs to use a passkey: one of `userId`, or, to sign in without a name, any. */
  async signInOptions(userId: string | null, host: string | undefined) {
    const { id: rpID } = this.needed(host);
    const known = userId === null ? [] : await this.repository.passkeys(userId);
    return generateAuthenticationOptions({
      rpID,
      allowCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
      // Without a password the passkey is all that is asked for, and must be more than something one has.
      userVerification: userId === null ? 'required' : 'preferred',
    });
  }

  /** The use of a passkey for `challenge`. @returns null when it is not right */
  async prove(
    response: PasskeyAssertion,
    { challenge, verified }: { challenge: string; verified: boolean },
    host: string | undefined,
  ): Promise<PasskeyProof | null> {
    const { id: expectedRPID, origin } = this.needed(host);
    const passkey = await this.repository.passkeyOf(response.id);
    if (passkey === null) return null;
    // Whose key it is, in the words of the device (WebAuthn, 7.2, step 6).
    const handle = response.response.userHandle ?? null;
    if (handle !== null && Buffer.from(handle, 'base64url').toString() !== passkey.userId) return null;
    // What the library finds wrong it throws; to whoever signs in it is all the same.
    const outcome = await verifyAuthenticationResponse({
      response: response as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: Number(passkey.counter),
        transports: passkey.transports,
      },
      requireUserVerification: verified,
    }).catch(() => null);
    if (outcome?.verified !== true) return null;
    const { newCounter, credentialDeviceType } = outcome.authenticationInfo;
    if (!(await this.repository.usePasskey(passkey.id, newCounter, this.clock.now()))) return null;
    return { passkey, method: credentialDeviceType === 'multiDevice' ? 'swk' : 'hwk' };
  }

  private needed(host: string | undefined): RelyingParty {
    const party = this.party(host);
    if (party === null) throw new UserError('unprocessable', NO_PASSKEYS);
    return party;
  }
}

/** The library throws what it finds wrong: that is the caller's doing, in words for developers. */
async function verifying<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw UserError.invalid('passkey', error instanceof Error ? error.message : 'cannot be read');
  }
}
