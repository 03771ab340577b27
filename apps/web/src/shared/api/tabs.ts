import type { LoginResponse } from '@aiops/contracts';

/**
 * What the tabs of one browser tell each other. They share the refresh token, and so the session: a token that one of
 * them got is good for all, and who leaves in one has left in all. Nothing of it is stored.
 */
export type TabMessage =
  { kind: 'signed_in'; answer: LoginResponse } | { kind: 'signed_out' | 'ended'; why: string };

const NAME = 'aiops.session';
/** Since an older version of the app may be open in another tab. */
const VERSION = 1;

const channel = new BroadcastChannel(NAME);

/** Tells all other tabs. */
export const tellTabs = (message: TabMessage): void => channel.postMessage({ version: VERSION, message });

/** Calls `listener` with what other tabs tell. */
export function onTabs(listener: (message: TabMessage) => void): void {
  channel.addEventListener(
    'message',
    ({ data }: MessageEvent<{ version?: unknown; message: TabMessage }>) => {
      if (data.version === VERSION) listener(data.message);
    },
  );
}

/** Does something while no other tab does; where there is no such lock (without TLS), at the same time as others. */
export function alone<T>(what: string, work: () => Promise<T>): Promise<T> {
  const locks: LockManager | undefined = navigator.locks;
  return locks === undefined ? work() : locks.request(`${NAME}.${what}`, work);
}
