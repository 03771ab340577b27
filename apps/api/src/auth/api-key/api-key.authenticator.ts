import { Injectable, Logger } from '@nestjs/common';
import { API_KEY_PREFIX } from '../access/presented-credential.js';
import type { ApiKeyScope } from '@aiops/contracts';
import { Clock, scopesSuffice, UserError, type Actor } from '../../platform/index.js';
import { ApiKeyRepository, type ApiKey } from './api-key.repository.js';
import { hashApiKey } from './api-key.secret.js';

/** How long a looked-up key is trusted. A revoked one is forgotten at once by its event; this is the last resort. */
const TRUST_MS = 5_000;
/** Different keys remembered, wrong ones included; far more than senders, and a bound on what guessing can cost. */
const REMEMBERED = 10_000;
const TOUCH_MS = 60_000;

interface Remembered {
  at: number;
  key: Promise<ApiKey | null>;
}

/** Tells whose an API key is: one hash and one look into memory for all but the first request in a while. */
@Injectable()
export class ApiKeyAuthenticator {
  private readonly logger = new Logger('auth');
  private readonly known = new Map<string, Remembered>();
  private readonly touched = new Map<string, number>();

  constructor(
    private readonly repository: ApiKeyRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws UserError `unauthenticated` for a wrong or expired key, `forbidden` without the scope. */
  async authenticate(secret: string, scope: ApiKeyScope, address: string): Promise<Actor> {
    const now = this.clock.now();
    const key = secret.startsWith(API_KEY_PREFIX)
      ? await this.lookUp(hashApiKey(secret), now.getTime())
      : null;
    if (key === null) throw new UserError('unauthenticated', 'There is no such API key.');
    if (key.expiresAt !== null && key.expiresAt <= now) {
      throw new UserError('unauthenticated', expiredWords(key));
    }
    if (!scopesSuffice(key.scopes, scope)) {
      throw new UserError('forbidden', `The API key "${key.name}" does not have the scope ${scope}.`);
    }
    this.noteUse(key.id, address, now);
    return { kind: 'api_key', id: key.id, name: key.name, role: key.role };
  }

  /** Forgets what is remembered, because a key was changed or revoked. */
  forget(): void {
    this.known.clear();
  }

  private lookUp(hash: string, now: number): Promise<ApiKey | null> {
    const remembered = this.known.get(hash);
    if (remembered !== undefined && now - remembered.at < TRUST_MS) return remembered.key;
    if (this.known.size >= REMEMBERED) this.known.clear();
    const entry = { at: now, key: this.repository.findByHash(hash) };
    this.known.set(hash, entry);
    // A database that was away must not be remembered as a missing key.
    entry.key.catch(() => {
      if (this.known.get(hash) === entry) this.known.delete(hash);
    });
    return entry.key;
  }

  /** At most once a minute, and nobody waits for it. */
  private noteUse(id: string, address: string, now: Date): void {
    const last = this.touched.get(id);
    if (last !== undefined && now.getTime() - last < TOUCH_MS) return;
    this.touched.set(id, now.getTime());
    this.repository.touch(id, now, address, new Date(now.getTime() - TOUCH_MS)).catch((error: unknown) => {
      this.logger.warn({ err: error, api_key: id }, 'the last use of an API key could not be noted');
    });
  }
}

function expiredWords({ name, expiresAt, replacedBy }: ApiKey): string {
  const what = `The API key "${name}" has expired: it was good until ${expiresAt?.toISOString() ?? ''}.`;
  return replacedBy === null
    ? `${what} An administrator can rotate it.`
    : `${what} It was rotated: use the key that took its place.`;
}
