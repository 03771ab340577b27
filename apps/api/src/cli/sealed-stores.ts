import { signingKeysAtRest, totpSecretsAtRest } from '../auth/index.js';
import { credentialsAtRest } from '../executor/index.js';
import { providerKeysAtRest } from '../llm/index.js';
import { channelSecretsAtRest } from '../notification/index.js';
import type { SealedStore } from '../platform/index.js';

/** Every place in the database where sealed secrets are. */
export const sealedStores: readonly SealedStore[] = [
  credentialsAtRest,
  providerKeysAtRest,
  channelSecretsAtRest,
  signingKeysAtRest,
  totpSecretsAtRest,
];
