import { Injectable } from '@nestjs/common';
import type { CredentialInput, ListQuery } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Clock,
  newId,
  UserError,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { TargetRepository } from '../target/target.repository.js';
import { CredentialSecrets, type GivenSecret, type OpenCredential } from './credential-secrets.service.js';
import { CredentialRepository, type Credential } from './credential.repository.js';

@Injectable()
export class CredentialService {
  constructor(
    private readonly repository: CredentialRepository,
    private readonly targets: TargetRepository,
    private readonly secrets: CredentialSecrets,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Credential>>> {
    return this.repository.list(query);
  }

  /** Of one credential what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<Credential>> {
    const credential = await this.repository.read(id, reads);
    if (credential === null) throw UserError.notFound('credential', id);
    return credential;
  }

  async get(id: string): Promise<Credential> {
    const credential = await this.repository.find(id);
    if (credential === null) throw UserError.notFound('credential', id);
    return credential;
  }

  async create(input: CredentialInput): Promise<Credential> {
    const id = newId();
    const now = this.clock.now();
    const basics = { id, name: input.name, kind: input.kind, createdAt: now, updatedAt: now };
    const sealed = await this.secrets.seal(id, input.kind, given(input.secret, input));
    return this.store({ ...basics, ...sealed }, null);
  }

  /** Changes the name, the secret or both; a new secret counts as a rotation. */
  async update(id: string, input: Partial<CredentialInput>): Promise<Credential> {
    const present = await this.get(id);
    if (input.kind !== undefined && input.kind !== present.kind) {
      throw UserError.invalid('kind', 'The kind cannot change. Make another credential.');
    }
    if (input.passphrase !== undefined && input.secret === undefined) {
      throw UserError.invalid('passphrase', 'Give the key again together with its passphrase');
    }
    const sealed =
      input.secret === undefined ? {} : await this.secrets.seal(id, present.kind, given(input.secret, input));
    const changed = { ...present, name: input.name ?? present.name, ...sealed, updatedAt: this.clock.now() };
    return this.store(changed, present);
  }

  /** Puts a secret to use that was tried before. */
  @Transactional()
  async rotate(before: Credential, after: Credential, reason: string | null): Promise<void> {
    await this.repository.save(after);
    await this.audit.record({
      action: 'credential.rotated',
      ...auditedCredential.changed(before, after),
      reason,
    });
  }

  @Transactional()
  async remove(id: string): Promise<void> {
    const credential = await this.get(id);
    const users = await this.targets.usingCredential(id);
    if (users.length > 0) {
      const names = users.slice(0, 5).map((target) => target.name);
      throw new UserError(
        'conflict',
        `The credential is used by ${names.join(', ')}. Give them another one first.`,
      );
    }
    await this.repository.remove(id);
    await this.audit.record({ action: 'credential.removed', ...auditedCredential.removed(credential) });
  }

  /** The secret in the clear, for a person; nobody sees it without an entry in the audit log. */
  @Transactional()
  async reveal(id: string, reason: string): Promise<Record<string, string>> {
    const credential = await this.get(id);
    const { secret, passphrase } = await this.secrets.openEvenStale(credential);
    await this.audit.record({
      action: 'credential.revealed',
      ...auditedCredential.of(credential),
      reason,
    });
    return passphrase === undefined ? { secret } : { secret, passphrase };
  }

  async open(id: string): Promise<OpenCredential> {
    return this.secrets.open(await this.get(id));
  }

  /** Secrets by the names of their credentials. @throws UserError that names the missing ones. */
  async values(names: readonly string[]): Promise<Record<string, string>> {
    const found = await this.repository.findByNames([...new Set(names)]);
    const missing = names.filter((name) => !found.some((credential) => credential.name === name));
    if (missing.length > 0) {
      throw new UserError(
        'unprocessable',
        `There is no credential called ${missing.map((name) => `"${name}"`).join(', ')}.`,
      );
    }
    const opened = await Promise.all(
      found.map(
        async (credential) => [credential.name, (await this.secrets.open(credential)).secret] as const,
      ),
    );
    return Object.fromEntries(opened);
  }

  @Transactional()
  private async store(credential: Credential, before: Credential | null): Promise<Credential> {
    const same = (await this.repository.findByNames([credential.name]))[0];
    if (same !== undefined && same.id !== credential.id) {
      throw new UserError('conflict', `There is already a credential called "${credential.name}".`);
    }
    await this.repository.save(credential);
    await this.audit.record({
      action: before === null ? 'credential.created' : 'credential.updated',
      ...auditedCredential.stored(before, credential),
    });
    return credential;
  }
}

const auditedCredential = audited<Credential>()({
  kind: 'credential',
  name: (credential) => credential.name,
  fields: ['name', 'kind', 'fingerprint', 'lastRotatedAt'],
  secret: ['sealed'],
});

const given = (secret: string, { passphrase }: Partial<CredentialInput>): GivenSecret => ({
  secret,
  passphrase,
});
