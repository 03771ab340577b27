import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import {
  AppConfig,
  AuditLog,
  Clock,
  DatabaseSession,
  EventBus,
  Lists,
  newId,
  SecretBox,
  UserError,
  type AuditSubject,
  type Page,
} from '../../platform/index.js';
import { isAccepted, retirementOf, signingKey } from './key-rules.js';
import { Keyring, signingKeyContext } from './keyring.js';
import { SigningKeyRepository, type StoredSigningKey } from './signing-key.repository.js';

/** HS256 wants a key of at least the size of the hash (RFC 7518, 3.2); this is twice as much. */
const SECRET_BYTES = 64;

/** What may be said of a key. */
export interface KeyStanding {
  kid: string;
  source: 'database' | 'settings';
  signs: boolean;
  createdAt: Date | null;
  retiresAt: Date | null;
}

/** Makes, rotates and retires the keys that sign access tokens. */
@Injectable()
export class SigningKeyService {
  private readonly logger = new Logger('auth');

  constructor(
    private readonly repository: SigningKeyRepository,
    private readonly keyring: Keyring,
    private readonly box: SecretBox,
    private readonly config: AppConfig,
    private readonly session: DatabaseSession,
    private readonly events: EventBus,
    private readonly audit: AuditLog,
    private readonly lists: Lists,
    private readonly clock: Clock,
  ) {}

  /** Makes the first key, unless keys come from the settings. */
  async makeFirst(): Promise<void> {
    if (this.isConfigured) return;
    await this.session.transaction(async () => {
      await this.repository.lock();
      const keys = await this.repository.all();
      if (!keys.some(({ retiresAt }) => retiresAt === null)) await this.add(this.clock.now());
    });
    this.keyring.invalidate();
  }

  /** Every key whose tokens are accepted, newest first. */
  async list(query: ListQuery): Promise<Page<KeyStanding>> {
    return this.lists.pageOf(await this.accepted(), query, {
      name: 'signing-keys',
      id: ({ kid }) => kid,
      columns: { created_at: ({ createdAt }) => createdAt?.toISOString() ?? null, kid: ({ kid }) => kid },
      fallback: '-created_at',
      texts: ({ kid }) => [kid],
    });
  }

  /** The same all at once, those of the settings first. */
  async accepted(): Promise<KeyStanding[]> {
    const known = await this.keyring.all();
    const now = this.clock.now();
    const signer = signingKey(known)?.kid;
    return [
      ...known.configured.map(({ kid }) => ({
        ...{ kid, source: 'settings' as const, signs: kid === signer },
        ...{ createdAt: null, retiresAt: null },
      })),
      ...known.kept
        .filter((key) => isAccepted(key, now))
        .map(({ kid, createdAt, retiresAt }) => ({
          ...{ kid, source: 'database' as const, signs: kid === signer },
          ...{ createdAt, retiresAt },
        })),
    ];
  }

  /**
   * Adds a key that signs from now on. Those that signed are accepted until the last token they signed has run out.
   * @throws UserError `conflict` where `JWT_SECRETS` says what signs
   */
  async rotate(): Promise<KeyStanding> {
    this.refuseIfConfigured();
    const key = await this.session.transaction(async () => {
      await this.repository.lock();
      return this.replaceSigner(this.clock.now());
    });
    this.keyring.invalidate();
    this.logger.log({ kid: key.kid }, 'access tokens are signed by a new key');
    const { kid, createdAt, retiresAt } = key;
    return { kid, source: 'database', signs: true, createdAt, retiresAt };
  }

  /**
   * Ends a key at once, and with it every token that it signed; a key that signs gets a successor. Sessions go on: their
   * next refresh brings a token of the new key.
   * @throws UserError `not_found`, `conflict` for a key of `JWT_SECRETS`
   */
  async retire(kid: string): Promise<void> {
    if (this.config.settings.JWT_SECRETS.some((key) => key.kid === kid)) {
      throw new UserError('conflict', `The key "${kid}" stands in JWT_SECRETS. Take it out there.`);
    }
    await this.session.transaction(async () => {
      await this.repository.lock();
      const key = (await this.repository.all()).find((candidate) => candidate.kid === kid);
      const now = this.clock.now();
      if (key === undefined || !isAccepted(key, now)) throw UserError.notFound('signing key', kid);
      if (key.retiresAt === null && !this.isConfigured) await this.replaceSigner(now);
      await this.repository.remove(kid);
      await this.audit.record({ action: 'signing_key.retired', subject: subjectOf(kid) });
      await this.events.emit('signing_key.changed.v1', { kid });
    });
    this.keyring.invalidate();
    this.logger.log({ kid }, 'a signing key was retired');
  }

  private get isConfigured(): boolean {
    return this.config.settings.JWT_SECRETS.length > 0;
  }

  private refuseIfConfigured(): void {
    if (!this.isConfigured) return;
    throw new UserError(
      'conflict',
      'JWT_SECRETS says which key signs. Put the new one in front there; without it the engine keeps keys itself.',
    );
  }

  private async replaceSigner(now: Date): Promise<StoredSigningKey> {
    await this.repository.retireAt(retirementOf(now, this.config.settings.ACCESS_TOKEN_LIFETIME_MS));
    return this.add(now);
  }

  private async add(now: Date): Promise<StoredSigningKey> {
    const kid = newId();
    const sealed = this.box.seal(randomBytes(SECRET_BYTES).toString('base64url'), signingKeyContext(kid));
    const key: StoredSigningKey = { kid, ...sealed, createdAt: now, retiresAt: null };
    await this.repository.add(key);
    await this.audit.record({ action: 'signing_key.created', subject: subjectOf(kid) });
    await this.events.emit('signing_key.changed.v1', { kid });
    return key;
  }
}

const subjectOf = (kid: string): AuditSubject<'signing_key'> => ({
  kind: 'signing_key',
  id: kid,
  name: null,
});
