import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock, SecretBox, SecretReferences, UserError } from '../../platform/index.js';
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

/** Encrypts secrets for the database and opens them, in the end by asking the secrets backend they refer to. */
@Injectable()
export class CredentialSecrets {
  constructor(
    private readonly box: SecretBox,
    private readonly references: SecretReferences,
    private readonly clock: Clock,
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

  /** @throws UserError when a reference leads nowhere any more, OperationalError when its backend is away. */
  async open({ id, kind, keyId, sealed }: Credential): Promise<OpenCredential> {
    const stored = storedSchema.parse(JSON.parse(this.box.open({ keyId, sealed }, contextOf(id))));
    return { kind, ...(await this.inTheClear(stored, { anew: false })) };
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
