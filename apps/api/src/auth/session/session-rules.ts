/**
 * How somebody proved who they are, by the names of RFC 8176: a password, a one-time code, a passkey that is bound to a
 * device (`hwk`) or is not (`swk`); `oidc` is the word of the provider, however it came to it.
 */
export type AuthMethod = 'pwd' | 'otp' | 'hwk' | 'swk' | 'oidc';

/** Why a session ended before its time. */
export type EndReason =
  | 'signed_out'
  | 'signed_out_everywhere'
  | 'ended_by_user'
  | 'ended_by_admin'
  | 'access_changed'
  | 'replaced'
  | 'too_many'
  | 'token_reused';

export interface SessionFacts {
  lastActiveAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
}

/** Whether a session lets anybody in, and why not. */
export type Standing = 'live' | 'ended' | 'expired' | 'idle';

/**
 * A session ends when it is ended, when its time is over whatever is done with it (OWASP ASVS 5.0, 7.3.2), and when it
 * was not used for `idleMs` (7.3.1).
 */
export function standingOf(session: SessionFacts, now: Date, idleMs: number): Standing {
  if (session.endedAt !== null) return 'ended';
  if (session.expiresAt <= now) return 'expired';
  return now.getTime() - session.lastActiveAt.getTime() >= idleMs ? 'idle' : 'live';
}

/**
 * How long a refresh token that was used already is answered with the one that took its place, in milliseconds: two tabs
 * may ask at the same moment, and an answer may be lost on its way. Later on it means that two parties have it.
 */
export const GRACE_MS = 10_000;

/**
 * What to do with a refresh token of a live session: give another one for it, give the one again that was given, or take
 * it for stolen (RFC 9700, 4.14.2; OWASP ASVS 5.0, 10.4.5).
 */
export function judgeToken(token: { usedAt: Date | null }, now: Date): 'rotate' | 'repeat' | 'reuse' {
  if (token.usedAt === null) return 'rotate';
  return now.getTime() - token.usedAt.getTime() < GRACE_MS ? 'repeat' : 'reuse';
}

const TOUCH_MS = 60_000;

/** Whether the use of a session is worth writing down again: once a minute, and often enough for a short idle time. */
export function isWorthNoting(lastActiveAt: Date, now: Date, idleMs: number): boolean {
  return now.getTime() - lastActiveAt.getTime() >= Math.min(TOUCH_MS, idleMs / 4);
}

/** How long an access token of a session may be good, in whole seconds: never longer than the session. */
export function accessSeconds(session: { expiresAt: Date }, now: Date, lifetimeMs: number): number {
  const left = session.expiresAt.getTime() - now.getTime();
  return Math.max(1, Math.floor(Math.min(lifetimeMs, left) / 1000));
}
