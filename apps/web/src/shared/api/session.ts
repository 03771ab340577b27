import { useSyncExternalStore } from 'react';
import type { Role, UserDto } from '@aiops/contracts';

/** Who is signed in, for this browser tab. */
export interface Session {
  token: string;
  user: UserDto;
}

const KEY = 'aiops.session';
const listeners = new Set<() => void>();
const leavers = new Set<() => void>();
let current: Session | null = restore();
let expired = false;

function restore(): Session | null {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isSession(stored) ? stored : null;
  } catch {
    return null;
  }
}

/** Whether what was stored, perhaps by an older version of this app, can be used. */
export function isSession(value: unknown): value is Session {
  return (
    typeof value === 'object' &&
    value !== null &&
    'token' in value &&
    typeof value.token === 'string' &&
    'user' in value &&
    typeof value.user === 'object' &&
    value.user !== null &&
    'id' in value.user &&
    'role' in value.user
  );
}

function store(session: Session | null): void {
  try {
    if (session === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // Without storage the session lasts as long as the page.
  }
}

/** The session that requests go out with; null when nobody is signed in or the session has run out. */
export const getSession = (): Session | null => (expired ? null : current);

/** Signs somebody in, or with null out. */
export function setSession(session: Session | null): void {
  const left = current !== null && current.user.id !== session?.user.id;
  current = session;
  expired = false;
  store(session);
  // Before anything is drawn for the next person.
  if (left) for (const leaver of leavers) leaver();
  for (const listener of listeners) listener();
}

/** The engine does not know the token any more: the page and its drafts stay until its person is back. */
export function expireSession(): void {
  if (current === null || expired) return;
  expired = true;
  store(null);
  for (const listener of listeners) listener();
}

/** Calls `forget` when the person leaves: nobody may see what another one had on the screen. */
export function whenPersonLeaves(forget: () => void): void {
  leavers.add(forget);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whose page this is, also while the session has run out. */
export const useSession = (): Session | null => useSyncExternalStore(subscribe, () => current);

/** Whether the session has run out under an open page. */
export const useExpired = (): boolean => useSyncExternalStore(subscribe, () => expired);

const order: Role[] = ['viewer', 'responder', 'engineer', 'admin'];

/** Whether the person may do what needs `role`; the engine decides, this only hides what would be refused. */
export function useMay(role: Role): boolean {
  const session = useSession();
  return session !== null && order.indexOf(session.user.role) >= order.indexOf(role);
}
