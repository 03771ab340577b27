import { Injectable, Logger } from '@nestjs/common';
import { AppConfig, Clock } from '../../platform/index.js';
import { isWorthNoting, standingOf } from './session-rules.js';
import { SessionRepository, type SessionOfUser } from './session.repository.js';

/**
 * How long what was looked up is trusted. A session that ended is forgotten at once, by the notification that goes with
 * the commit; this is the last resort where a notification is lost, with the connection that listens.
 */
const TRUST_MS = 5_000;
/** Sessions that are remembered, about a kilobyte each. Tokens that we signed name them: nobody fills it by guessing. */
const REMEMBERED = 10_000;

interface Remembered {
  at: number;
  found: Promise<SessionOfUser | null>;
}

/**
 * The sessions that requests come with, and their users as they are now: one look into memory for all but the first
 * request in five seconds, which is one look into the database.
 */
@Injectable()
export class KnownSessions {
  private readonly logger = new Logger('auth');
  private readonly known = new Map<string, Remembered>();

  constructor(
    private readonly repository: SessionRepository,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** The session and its user if both may still come in; that it was used is noted. */
  async find(id: string): Promise<SessionOfUser | null> {
    const found = await this.lookUp(id);
    if (found === null) return null;
    const { session, user } = found;
    const now = this.clock.now();
    const idleMs = this.config.settings.SESSION_IDLE_TIMEOUT_MS;
    if (user.disabled || user.tokenVersion !== session.tokenVersion) return null;
    if (standingOf(session, now, idleMs) !== 'live') return null;
    if (isWorthNoting(session.lastActiveAt, now, idleMs)) this.noteUse(found, now);
    return found;
  }

  /** The next request of this session is looked up anew. */
  forget(id: string): void {
    this.known.delete(id);
  }

  /** The same for all sessions of a user; not often, so that looking at all of them costs nothing. */
  forgetAll(): void {
    this.known.clear();
  }

  private lookUp(id: string): Promise<SessionOfUser | null> {
    const now = performance.now();
    const remembered = this.known.get(id);
    if (remembered !== undefined && now - remembered.at < TRUST_MS) return remembered.found;
    if (this.known.size >= REMEMBERED) this.known.clear();
    const entry = { at: now, found: this.repository.findWithUser(id) };
    this.known.set(id, entry);
    // A database that was away must not be remembered as a missing session.
    entry.found.catch(() => {
      if (this.known.get(id) === entry) this.known.delete(id);
    });
    return entry.found;
  }

  /** Nobody waits for it. */
  private noteUse({ session }: SessionOfUser, now: Date): void {
    session.lastActiveAt = now;
    this.repository.touch(session.id, now).catch((error: unknown) => {
      this.logger.warn({ err: error, session: session.id }, 'the use of a session could not be noted');
    });
  }
}
