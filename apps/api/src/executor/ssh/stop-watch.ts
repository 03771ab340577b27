import type { CommandRequest } from './command-session.js';

/** Timers of Node.js fire at once beyond this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Tells when a command has to be stopped, and why. `clear` when it need not any more. */
export function watchStop(request: Pick<CommandRequest, 'timeoutMs' | 'signal'>): {
  reason: Promise<'timeout' | 'cancel'>;
  clear(): void;
} {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const reason = new Promise<'timeout' | 'cancel'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), Math.min(request.timeoutMs, LONGEST_TIMER_MS));
    onAbort = () => resolve('cancel');
    if (request.signal.aborted) onAbort();
    else request.signal.addEventListener('abort', onAbort, { once: true });
  });
  return {
    reason,
    clear: () => {
      clearTimeout(timer);
      if (onAbort !== undefined) request.signal.removeEventListener('abort', onAbort);
    },
  };
}

/** The value, or undefined when it does not come within `ms`. */
export async function within<T>(ms: number, value: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
