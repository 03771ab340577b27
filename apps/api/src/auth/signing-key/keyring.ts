import { Injectable, Logger } from '@nestjs/common';
import { AppConfig, Clock, SecretBox, UnexpectedError, type SealedStore } from '../../platform/index.js';
import { acceptedKey, signingKey, type KeptKey, type KnownKeys, type SigningKey } from './key-rules.js';
import { SigningKeyRepository, type StoredSigningKey } from './signing-key.repository.js';

/** How old what is known may be; changes are announced, and this is the net for what was announced to nobody. */
const MAX_AGE_MS = 10_000;
/** How long what was known serves on when the database could not be asked, before it is asked again. */
const RETRY_MS = 1_000;

/** What the secret of a key is bound to, so that it cannot be moved to another row. */
export const signingKeyContext = (kid: string): string => `signing_key:${kid}`;

export const signingKeysAtRest: SealedStore = {
  table: 'signing_keys',
  id: 'kid',
  keyId: 'key_id',
  sealed: 'sealed',
  context: signingKeyContext,
};

/** The keys of access tokens, in memory: those of the settings and, decrypted, those of the database. */
@Injectable()
export class Keyring {
  private readonly logger = new Logger('auth');
  private kept: readonly KeptKey[] | null = null;
  private freshUntil = -Infinity;
  /** Counts what was heard: what was read before a change was heard of does not know it. */
  private heard = 0;
  private loading: Promise<void> | null = null;
  private readonly opened = new Map<string, string | null>();

  constructor(
    private readonly repository: SigningKeyRepository,
    private readonly box: SecretBox,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** The key that signs now. */
  async signer(): Promise<SigningKey> {
    const { configured } = this;
    const key = signingKey({ configured, kept: configured.length > 0 ? [] : await this.current() });
    if (key === null) throw new UnexpectedError('There is no key to sign tokens with');
    return key;
  }

  /**
   * The key that signed a token which names `kid`, null when it is not accepted. A name that is not known is looked for
   * in the database once more: another replica may have rotated a moment ago. Such looks are made one at a time,
   * however many tokens ask, so that made-up names cost the database next to nothing.
   */
  async find(kid: string): Promise<SigningKey | null> {
    if (this.configured.some((key) => key.kid === kid)) return this.accepted(kid, []);
    const known = await this.current();
    if (known.some((key) => key.kid === kid)) return this.accepted(kid, known);
    return this.accepted(kid, await this.anew());
  }

  /** The next one who asks is told what is stored by then. */
  invalidate(): void {
    this.heard += 1;
    this.freshUntil = -Infinity;
  }

  /** All that is known at this moment. */
  async all(): Promise<KnownKeys> {
    return { configured: this.configured, kept: await this.current() };
  }

  private get configured(): readonly SigningKey[] {
    return this.config.settings.JWT_SECRETS;
  }

  private accepted(kid: string, kept: readonly KeptKey[]): SigningKey | null {
    return acceptedKey({ configured: this.configured, kept }, kid, this.clock.now());
  }

  private async current(): Promise<readonly KeptKey[]> {
    while (this.kept === null || this.freshUntil <= performance.now()) await this.load();
    return this.kept;
  }

  /** What is stored now, by a look that begins after this call. */
  private async anew(): Promise<readonly KeptKey[]> {
    await this.loading?.catch(() => undefined);
    await this.load();
    return this.kept ?? [];
  }

  private load(): Promise<void> {
    this.loading ??= this.read().finally(() => (this.loading = null));
    return this.loading;
  }

  private async read(): Promise<void> {
    const { heard } = this;
    try {
      this.kept = (await this.repository.all()).flatMap((key) => this.open(key));
      if (heard === this.heard) this.freshUntil = performance.now() + MAX_AGE_MS;
    } catch (error) {
      if (this.kept === null) throw error;
      this.logger.warn({ err: error }, 'signing keys could not be read; the last known ones hold');
      this.freshUntil = performance.now() + RETRY_MS;
    }
  }

  /** A key that this engine cannot decrypt is none of its keys; that is said once. */
  private open({ kid, keyId, sealed, createdAt, retiresAt }: StoredSigningKey): KeptKey[] {
    let secret = this.opened.get(kid);
    if (secret === undefined) {
      try {
        secret = this.box.open({ keyId, sealed }, signingKeyContext(kid));
      } catch (error) {
        secret = null;
        this.logger.error({ err: error, kid }, 'a signing key cannot be decrypted and is left out');
      }
      this.opened.set(kid, secret);
    }
    return secret === null ? [] : [{ kid, secret, createdAt, retiresAt }];
  }
}
