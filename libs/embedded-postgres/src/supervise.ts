const LOOK_EVERY_MS = 1_000;

interface Supervised {
  lives: () => boolean;
  /** Starts it again, or joins it when somebody else did. */
  restart: () => Promise<unknown>;
  log: (message: string) => void;
}

/** The watch over a server. */
export interface Supervision {
  /** Ends the watch, after a restart that may be under way. */
  end(): Promise<void>;
}

/** Looks every second whether the server lives, and starts it again as often as it does not. */
export function supervise({ lives, restart, log }: Supervised): Supervision {
  let turn = Promise.resolve();
  let failure = '';
  const look = async (): Promise<void> => {
    if (lives()) return;
    if (failure === '') log('PostgreSQL ended unexpectedly and is started again');
    try {
      await restart();
      failure = '';
      log('PostgreSQL is back');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // What left it may still hold its memory for a moment; the next look tries again. Each reason is told once.
      if (reason !== failure) log(`PostgreSQL could not be started again yet: ${reason}`);
      failure = reason;
    }
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    turn = look().finally(() => (busy = false));
  }, LOOK_EVERY_MS);
  timer.unref();
  return {
    end: () => {
      clearInterval(timer);
      return turn;
    },
  };
}
