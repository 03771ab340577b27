import type { LoginResponse } from '@aiops/contracts';
import { ApiError, OfflineError, readBody, send } from './send';
import { expireSession, forgetHint, getSession, setSession, type Session } from './session';
import { alone, onTabs, tellTabs } from './tabs';

/** Of the life of an access token, after which the next one is fetched: what is open longer than it must not end. */
const RENEW_AFTER = 0.8;
/** Within the ten seconds in which the engine answers the same refresh token with the same successor. */
const SECOND_TRY_AFTER_MS = 1_000;
const PATIENCE_MS = [5_000, 15_000] as const;
const SIGNED_OUT = 'You have signed out.';

let renewal: ReturnType<typeof setTimeout> | undefined;
let running: Promise<boolean> | null = null;

onTabs((message) => {
  if (message.kind === 'signed_in') take(message.answer);
  else if (message.kind === 'signed_out') leave(message.why);
  else end(message.why);
});

/** Begins, or goes on with, the session that the engine answered with; all tabs of the browser do. */
export function beginSession(answer: LoginResponse): void {
  take(answer);
  tellTabs({ kind: 'signed_in', answer });
}

/**
 * The next access token of a session that the engine refused: one that came meanwhile, or another one; null when the
 * session is over or is somebody else's. @throws ApiError, OfflineError when nobody knows
 */
export async function freshToken(refused: Session): Promise<string | null> {
  if (getSession()?.token === refused.token) await refreshSession();
  const session = getSession();
  return session?.user.id === refused.user.id ? session.token : null;
}

/**
 * Gets another access token for the refresh token in the cookie; once at a time over all tabs. Ends the session when the
 * engine says that it is over. @returns whether there is one @throws ApiError, OfflineError when nobody knows
 */
export function refreshSession(): Promise<boolean> {
  const before = getSession()?.token;
  running ??= alone('refresh', async () => {
    // Another tab was here first.
    if (getSession() !== null && getSession()?.token !== before) return true;
    return exchange();
  }).finally(() => (running = null));
  return running;
}

async function exchange(): Promise<boolean> {
  try {
    beginSession(await askTwice());
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || !saysNo(error.problem.status)) throw error;
    end(error.message);
    tellTabs({ kind: 'ended', why: error.message });
    return false;
  }
}

const saysNo = (status: number): boolean => status === 401 || status === 403;

/** An answer that was lost on its way had the next refresh token in it, so that asking again must not wait long. */
async function askTwice(): Promise<LoginResponse> {
  try {
    return await ask(PATIENCE_MS[0]);
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
    await new Promise((done) => setTimeout(done, SECOND_TRY_AFTER_MS));
    return ask(PATIENCE_MS[1]);
  }
}

async function ask(patienceMs: number): Promise<LoginResponse> {
  const signal = AbortSignal.timeout(patienceMs);
  // Who leaves the page meanwhile finds the next token in the cookie.
  return readBody(await send('POST', '/auth/refresh', { keepalive: true, signal }, null));
}

/** Signs out in this browser. @throws OfflineError, ApiError when the session could not be ended, and so goes on */
export async function signOut(): Promise<void> {
  await send('POST', '/auth/logout', {}, getSession()?.token ?? null);
  leaveInAllTabs(SIGNED_OUT);
}

/** For who has ended all of their sessions. */
export function leaveInAllTabs(why: string): void {
  leave(why);
  tellTabs({ kind: 'signed_out', why });
}

function take({ access_token, expires_in, user }: LoginResponse): void {
  clearTimeout(renewal);
  setSession({ token: access_token, user });
  const inMs = Math.max(1_000, expires_in * 1_000 * RENEW_AFTER);
  // Where it fails, the request that is refused next tries again.
  renewal = setTimeout(() => void refreshSession().catch(() => undefined), inMs);
}

function leave(why: string): void {
  clearTimeout(renewal);
  setSession(null, why);
}

function end(why: string): void {
  clearTimeout(renewal);
  forgetHint();
  expireSession(why);
}
