import { useSyncExternalStore } from 'react';
import { whenPersonLeaves } from './session';

const listeners = new Set<() => void>();
let due = false;

/** The engine says that nothing goes before whoever is signed in has a second factor, or that now they have one. */
export function setSecondFactorDue(isDue: boolean): void {
  due = isDue;
  for (const listener of listeners) listener();
}

whenPersonLeaves(() => setSecondFactorDue(false));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSecondFactorDue = (): boolean => useSyncExternalStore(subscribe, () => due);
