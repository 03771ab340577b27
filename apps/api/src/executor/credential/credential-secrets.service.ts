import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  AppConfig,
  Clock,
  SecretBox,
  SecretReferences,
  UserError,
  type SealedStore,
} from '../../platform/index.js';
import { ageInDays, isStale } from './credential-age.js';
import type { Credential } from './credential.repository.js';
import { readPrivateKey } from './private-key.js';

/** A secret in the clear, for a connection; never logged, never returned. */
export interface OpenCredential {
  kind: Credential['kind'];
  secret: string;
  passphrase: string | undefined;
}

/** What a person gives; either may be a reference to a secrets backend. */
export type GivenSecret = Omit<OpenCredential, 'kind'>;

type SealedColumns = Pick<Credential, 'keyId' | 'sealed' | 'fingerprint' | 'lastRotatedAt'>;

/** What is encrypted. Only what was saved as a reference is read as one, whatever a password looks like. */
const storedSchema = z.object({
  secret: z.string(),
  passphrase: z.string().optional(),
  references: z.array(z.enum(['secret', 'passphrase'])).default([]),
});
type Stored = z.infer<typeof storedSchema>;

const contextOf = (id: string): string => `credential:${id}`;

export const credentialsAtRest: SealedStore = {
  table: 'credentials',
  id: 'id',
  keyId: 'key_id',
  sealed: 'sealed',
  context: contextOf,
};

/** Encrypts secrets for the database and opens them, in the end by asking the secrets backend they refer to. */
@Injectable()
export class CredentialSecrets {
  constructor(
    private readonly box: SecretBox,
    private readonly references: SecretReferences,
    private readonly clock: Clock,
    private readonly config: AppConfig,
  ) {}

  /**
   * Checks a secret, for a reference by fetching it now, and encrypts what was given.
   * @throws UserError when it is of no use, OperationalError when its backend is away.
   */
  async seal(id: string, kind: Credential['kind'], given: GivenSecret): Promise<SealedColumns> {
    const references = (['secret', 'passphrase'] as const).filter(
      (field) => this.references.parse(field, given[field] ?? '') !== null,
    );
    const stored: Stored = { ...given, references };
    const value = await this.inTheClear(stored, { anew: true });
    const key = kind === 'ssh_key' ? readPrivateKey(value.secret, value.passphrase) : null;
    if (key !== null && 'problem' in key) throw UserError.invalid('secret', key.problem);
    return {
      ...this.box.seal(JSON.stringify(stored), contextOf(id)),
      fingerprint: key?.fingerprint ?? null,
      lastRotatedAt: this.clock.now(),
    };
  }

  /**
   * The secret for a connection.
   * @throws UserError when a reference leads nowhere any more or the secret is too old to be used (CREDENTIAL_STALE_POLICY),
   * OperationalError when its backend is away
   */
  async open(credential: Credential): Promise<OpenCredential> {
    const stored = this.stored(credential);
    if (stored.references.length === 0) this.refuseStale(credential);
    return this.opened(credential, stored);
  }

  /** The secret however old it is: to be looked at, or to be tried before it is put to use. @throws as `open` */
  openEvenStale(credential: Credential): Promise<OpenCredential> {
    return this.opened(credential, this.stored(credential));
  }

  private stored({ id, keyId, sealed }: Credential): Stored {
    return storedSchema.parse(JSON.parse(this.box.open({ keyId, sealed }, contextOf(id))));
  }

  private async opened({ kind }: Credential, stored: Stored): Promise<OpenCredential> {
    return { kind, ...(await this.inTheClear(stored, { anew: false })) };
  }

  private refuseStale(credential: Credential): void {
    const { CREDENTIAL_STALE_POLICY: policy, CREDENTIAL_MAX_AGE_DAYS: maxAge } = this.config.settings;
    const now = this.clock.now();
    if (policy === 'warn' || !isStale(credential, now, maxAge)) return;
    throw new UserError(
      'conflict',
      `The credential "${credential.name}" is ${ageInDays(credential, now)} days old, and more than ${maxAge} are not ` +
        'allowed here (CREDENTIAL_STALE_POLICY). Rotate it under Settings › Credentials.',
    );
  }

  private async inTheClear(stored: Stored, { anew }: { anew: boolean }): Promise<GivenSecret> {
    const value = async (field: 'secret' | 'passphrase'): Promise<string | undefined> => {
      const text = stored[field];
      const reference =
        text !== undefined && stored.references.includes(field) ? this.references.parse(field, text) : null;
      if (reference === null) return text;
      return anew ? this.references.fresh(reference) : this.references.value(reference);
    };
    const [secret = '', passphrase] = await Promise.all([value('secret'), value('passphrase')]);
    return { secret, passphrase };
  }
}
