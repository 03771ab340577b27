import { useSyncExternalStore } from 'react';
import type { Role, UserDto } from '@aiops/contracts';

/** Who is signed in, for this browser tab. */
export interface Session {
  token: string;
  user: UserDto;
}

const KEY = 'aiops.session';
const listeners = new Set<() => void>();
let current: Session | null = restore();

function restore(): Session | null {
  try {
    const stored = sessionStorage.getItem(KEY);
    return stored === null ? null : (JSON.parse(stored) as Session);
  } catch {
    return null;
  }
}

export const getSession = (): Session | null => current;

export function setSession(session: Session | null): void {
  current = session;
  try {
    if (session === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // Without storage the session lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function useSession(): Session | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, getSession);
}

const order: Role[] = ['viewer', 'responder', 'engineer', 'admin'];

/** Whether the person may do what needs `role`; the engine decides, this only hides what would be refused. */
export function useMay(role: Role): boolean {
  const session = useSession();
  return session !== null && order.indexOf(session.user.role) >= order.indexOf(role);
}
