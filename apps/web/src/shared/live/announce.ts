import { useSyncExternalStore } from 'react';

/** Between two polite sentences, in milliseconds: a screen reader must not be talked over by a storm. */
const QUIET_MS = 10_000;

interface Spoken {
  polite: string;
  assertive: string;
}

let spoken: Spoken = { polite: '', assertive: '' };
let last = Number.NEGATIVE_INFINITY;
let pending: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function say(change: Partial<Spoken>): void {
  spoken = { ...spoken, ...change };
  for (const listener of listeners) listener();
}

/**
 * Tells a screen reader one sentence. Polite ones come at most every ten seconds, the newest of those that had to
 * wait; assertive ones (an approval waits, the connection is lost) at once.
 */
export function announce(sentence: string, how: 'polite' | 'assertive' = 'polite'): void {
  if (how === 'assertive') return say({ assertive: sentence });
  pending = sentence;
  timer ??= setTimeout(speakPending, Math.max(0, last + QUIET_MS - Date.now()));
}

function speakPending(): void {
  timer = undefined;
  last = Date.now();
  const sentence = pending;
  pending = null;
  if (sentence !== null) say({ polite: sentence });
}

/** What the two live regions of the page hold. */
export const useSpoken = (): Spoken =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => spoken,
  );
