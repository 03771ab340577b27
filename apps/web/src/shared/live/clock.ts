import { useSyncExternalStore } from 'react';

/** One ticker for every age on the screen; it rests while the tab is hidden. */
const listeners = new Set<() => void>();
let now = Date.now();
/** The engine's clock less this machine's, in milliseconds; a laptop that is minutes off must not show wrong ages. */
let offset = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** HTTP dates have whole seconds and travel for a while; less than this is no difference. */
const CLOCK_TOLERANCE_MS = 3_000;

/** Learns the engine's time from the `Date` header of an answer. */
export function learnServerTime(date: string | null, at = Date.now()): void {
  const server = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(server)) return;
  offset = Math.abs(server - at) > CLOCK_TOLERANCE_MS ? server - at : 0;
}

/** The engine's time as far as it is known, in milliseconds. */
export const serverNow = (): number => Date.now() + offset;

function tick(): void {
  if (document.hidden) return;
  now = serverNow();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = serverNow();
    timer = setInterval(tick, 1_000);
    document.addEventListener('visibilitychange', tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
      document.removeEventListener('visibilitychange', tick);
    }
  };
}

/** The time, to the second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** The age of something as text; draws again only when the text is another one. */
export const useAge = (at: string): string =>
  useSyncExternalStore(subscribe, () => ageOf(now - Date.parse(at)));

/** `20 s`, `18 min`, `3 h`, `6 d`: the age of something, as lists show it. */
export function ageOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** `48 s`, `3 min 10 s`, `2 h 5 min`: how long something took. */
export function durationOf(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
