import { useEffect, useEffectEvent, useRef } from 'react';

/**
 * Joins a burst of calls: `action` runs at most once per `everyMs`, never beside itself, and always after the last
 * call. Unlike a debounce it cannot be put off for ever by a storm; unlike a plain throttle it waits for a slow
 * reading to end instead of cancelling it half-way.
 */
export function coalesce(action: () => unknown, everyMs: number): { call(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  let stopped = false;
  const run = async (): Promise<void> => {
    timer = undefined;
    running = true;
    try {
      await action();
    } finally {
      running = false;
      if (again) call();
    }
  };
  const call = (): void => {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    again = false;
    timer ??= setTimeout(() => void run().catch(() => undefined), everyMs);
  };
  return {
    call,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** `coalesce` for a component; what was called for and not done yet is dropped with the component. */
export function useCoalesced(action: () => unknown, everyMs: number): () => void {
  const latest = useEffectEvent(action);
  const joined = useRef<ReturnType<typeof coalesce> | null>(null);
  useEffect(() => {
    const created = coalesce(() => latest(), everyMs);
    joined.current = created;
    return () => created.stop();
  }, [everyMs]);
  return () => joined.current?.call();
}
