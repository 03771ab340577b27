import type { ClientToServerEvents, ServerToClientEvents, UserDto } from '@aiops/contracts';
import { io, type Socket } from 'socket.io-client';
import { get } from '../api/client';
import { getSession, updateUser } from '../api/session';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** First and longest wait before the next try, in milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** How long the engine may take to answer a message. */
const ANSWER_MS = 10_000;

export interface ConnectionEvents {
  /** `again` when it was live, or lost, before: what is on screen may be old. */
  onLive(again: boolean): void;
  onLost(): void;
}

/**
 * The wait before try number `attempt` (from 0), in milliseconds: doubled each time, up to half a minute, and spread,
 * so that a restarted engine is not met by every screen at once. `random` is in [0, 1).
 */
export function waitBefore(attempt: number, random: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.5 + random / 2);
}

const openSocket = (tokenToShow: () => string): LiveSocket =>
  io({
    // Asked anew for every connection: the token from before may have run out.
    auth: (show) => show({ token: tokenToShow() }),
    transports: ['websocket', 'polling'],
    // Where WebSockets are blocked, long polling is live too.
    tryAllTransports: true,
    reconnectionDelay: FIRST_WAIT_MS,
    reconnectionDelayMax: LONGEST_WAIT_MS,
  });

export interface Connection {
  socket: LiveSocket;
  /** Stays connected with a newer token of the same session. */
  renew(token: string): void;
  close(): void;
}

/**
 * Connects and stays connected. Socket.IO tries again by itself when the network fails, but never when the engine
 * refused or ended the connection, which it does when the token has run out, the session has ended or its person may do
 * other things now: then we ask the API who we are. The API client gets another token or, where there is none, brings the
 * sign-in; in any other case trying again is right.
 */
export function connect(events: ConnectionEvents): Connection {
  let shown = '';
  const socket = openSocket(() => (shown = getSession()?.token ?? ''));
  let lost = false;
  let refusals = 0;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onLost = (): void => {
    if (!lost) events.onLost();
    lost = true;
  };
  const askWhoWeAre = async (): Promise<void> => {
    const me = await get<UserDto>('/auth/me').catch(() => null);
    if (me !== null) updateUser(me);
    if (!closed) socket.connect();
  };
  const tryLater = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void askWhoWeAre(), waitBefore(refusals++, Math.random()));
  };
  socket.on('connect', () => {
    clearTimeout(timer);
    refusals = 0;
    events.onLive(lost);
    lost = false;
  });
  socket.on('connect_error', () => {
    onLost();
    if (!socket.active) tryLater();
  });
  socket.on('disconnect', () => {
    onLost();
    if (!socket.active) tryLater();
  });
  const now = (): void => {
    if (!socket.connected && !document.hidden) socket.connect();
  };
  window.addEventListener('online', now);
  document.addEventListener('visibilitychange', now);
  return {
    socket,
    renew: (token) => {
      if (!socket.connected || token === shown) return;
      shown = token;
      socket.timeout(ANSWER_MS).emit('session.renew', { token }, (error: Error | null, ok?: boolean) => {
        if (error !== null || ok !== true) socket.disconnect().connect();
      });
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      window.removeEventListener('online', now);
      document.removeEventListener('visibilitychange', now);
      socket.off();
      socket.close();
    },
  };
}
