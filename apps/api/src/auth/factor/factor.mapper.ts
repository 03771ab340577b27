import type { FactorsDto, PasskeyChallenge, PasskeyDto, SecondFactorNeeded } from '@aiops/contracts';
import { CHALLENGE_SECONDS } from './challenge.repository.js';
import type { Passkey } from './factor.repository.js';
import type { Factors } from './factors.service.js';
import type { Pending } from './second-factor.service.js';

const toPasskeyDto = (passkey: Passkey): PasskeyDto => ({
  id: passkey.id,
  name: passkey.name,
  synced: passkey.synced,
  last_used_at: passkey.lastUsedAt?.toISOString() ?? null,
  created_at: passkey.createdAt.toISOString(),
});

export const toFactorsDto = (factors: Factors): FactorsDto => ({
  totp: factors.totpSince === null ? null : { confirmed_at: factors.totpSince.toISOString() },
  passkeys: factors.passkeys.map(toPasskeyDto),
  recovery_codes_left: factors.codesLeft,
  required: factors.required,
  missing: factors.missing,
  recently_confirmed: factors.recent,
  passkeys_unavailable: factors.passkeysUnavailable,
});

export const toSecondFactorNeeded = ({ token, methods, passkeyOptions }: Pending): SecondFactorNeeded => ({
  second_factor: {
    token,
    methods,
    passkey_options: passkeyOptions as Record<string, unknown> | null,
    expires_in: CHALLENGE_SECONDS,
  },
});

export const toPasskeyChallenge = (begun: { token: string; options: object }): PasskeyChallenge => ({
  token: begun.token,
  options: begun.options as Record<string, unknown>,
  expires_in: CHALLENGE_SECONDS,
});
