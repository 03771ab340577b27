import { useSyncExternalStore } from 'react';
import type { Role, UserDto } from '@aiops/contracts';

/** Who is signed in, for this browser tab. In memory alone: what is stored can be read by whatever runs in the page. */
export interface Session {
  token: string;
  user: UserDto;
}

interface State {
  session: Session | null;
  /** `restoring` while there may be a session from before the page was loaded; `expired` when it ended under the page. */
  phase: 'restoring' | 'settled' | 'expired';
  /** Why there is no session any more, for whoever is asked to sign in. */
  why: string | null;
}

/** Set by the engine with the refresh token, which scripts do not see: there is something to restore. */
const HINT = 'aiops_signed_in';
const listeners = new Set<() => void>();
const leavers = new Set<() => void>();
const returners = new Set<() => void>();
let state: State = { session: null, phase: hasHint(document.cookie) ? 'restoring' : 'settled', why: null };

/** Whether a `Cookie` header, as a page sees it, says that this browser is signed in. */
export function hasHint(cookies: string): boolean {
  return cookies.split(/;\s*/).includes(`${HINT}=1`);
}

/** The engine does not know the session any more: the next load has nothing to restore. */
export const forgetHint = (): void => void (document.cookie = `${HINT}=; Path=/; Max-Age=0; SameSite=Strict`);

function become(next: State): void {
  const left = state.session !== null && state.session.user.id !== next.session?.user.id;
  const returned = state.phase === 'expired' && !left && next.phase === 'settled';
  state = next;
  // Before anything is drawn for the next person.
  if (left) for (const leaver of leavers) leaver();
  if (returned) for (const returner of returners) returner();
  for (const listener of listeners) listener();
}

/** The session that requests go out with; null when nobody is signed in or the session has run out. */
export const getSession = (): Session | null => (state.phase === 'expired' ? null : state.session);

/** Signs somebody in, or with null out; `why` is for the sign-in page. */
export const setSession = (session: Session | null, why: string | null = null): void =>
  become({ session, phase: 'settled', why });

/** There is no session any more: the page and its drafts stay until its person is back. */
export function expireSession(why: string): void {
  if (state.session === null) setSession(null, state.phase === 'restoring' ? why : state.why);
  else if (state.phase !== 'expired') become({ ...state, phase: 'expired', why });
}

/** The person has another name or role now. */
export function updateUser(user: UserDto): void {
  const { session } = state;
  if (session?.user.id !== user.id || session.user.updated_at === user.updated_at) return;
  become({ ...state, session: { ...session, user } });
}

/** Calls `forget` when the person leaves: nobody may see what another one had on the screen. */
export function whenPersonLeaves(forget: () => void): void {
  leavers.add(forget);
}

/** Calls `refresh` when the person is back on their page, in whichever tab they signed in: what it shows may be old. */
export function whenPersonReturns(refresh: () => void): void {
  returners.add(refresh);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whose page this is, also while the session has run out. */
export const useSession = (): Session | null => useSyncExternalStore(subscribe, () => state.session);

/** Whether the session has run out under an open page. */
export const useExpired = (): boolean => useSyncExternalStore(subscribe, () => state.phase === 'expired');

/** Whether it is not known yet if somebody is signed in. */
export const useRestoring = (): boolean => useSyncExternalStore(subscribe, () => state.phase === 'restoring');

/** Why somebody has to sign in, where there is a reason. */
export const useEnding = (): string | null => useSyncExternalStore(subscribe, () => state.why);

const order: Role[] = ['viewer', 'responder', 'engineer', 'admin'];

/** Whether the person may do what needs `role`; the engine decides, this only hides what would be refused. */
export function useMay(role: Role): boolean {
  const session = useSession();
  return session !== null && order.indexOf(session.user.role) >= order.indexOf(role);
}
