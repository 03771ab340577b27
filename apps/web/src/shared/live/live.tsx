import type { ClientToServerEvents, ServerEventName, ServerToClientEvents } from '@aiops/contracts';
import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import type { Socket } from 'socket.io-client';
import { useExpired, useSession } from '../api/session';
import { announce } from './announce';
import { connect, type Connection } from './connect';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;
export type ConnectionState = 'connecting' | 'live' | 'offline';

interface Live {
  socket: LiveSocket | null;
  state: ConnectionState;
  /** When the connection was lost, in milliseconds. */
  since: number | null;
}

const LiveContext = createContext<Live>({ socket: null, state: 'connecting', since: null });

/** Holds the socket of the signed-in person; after a reconnect everything on screen is read again. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const session = useSession();
  const token = useExpired() ? null : (session?.token ?? null);
  const queries = useQueryClient();
  const signedIn = token !== null;
  const [connection, setConnection] = useState<Connection | null>(null);
  const [status, setStatus] = useState<{ state: ConnectionState; since: number | null }>({
    state: 'connecting',
    since: null,
  });

  useEffect(() => {
    if (!signedIn) return;
    const opened = connect({
      onLive: (again) => {
        setStatus({ state: 'live', since: null });
        if (!again) return;
        void queries.invalidateQueries({ refetchType: 'active' }).then(() => announce('Back live.'));
      },
      onLost: () => {
        setStatus((before) =>
          before.state === 'offline' ? before : { state: 'offline', since: Date.now() },
        );
        announce('The connection is lost. What is shown may be old.', 'assertive');
      },
    });
    setConnection(opened);
    return () => {
      opened.close();
      setConnection(null);
    };
  }, [signedIn, queries]);
  useEffect(() => {
    if (token !== null) connection?.renew(token);
  }, [token, connection]);

  const live = useMemo(() => ({ socket: connection?.socket ?? null, ...status }), [connection, status]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export const useLiveState = (): Live => useContext(LiveContext);

/** Calls `handler` for every push of this kind while the component is there. */
export function useLive<E extends ServerEventName>(event: E, handler: ServerToClientEvents[E]): void {
  const { socket } = useContext(LiveContext);
  const onEvent = useEffectEvent((...data: unknown[]) => (handler as (...args: unknown[]) => void)(...data));
  useEffect(() => {
    if (socket === null) return;
    const listener = (...data: unknown[]): void => onEvent(...data);
    // The handler's type is checked by the hook's own signature; the socket's overloads cannot follow a generic event.
    const untyped: Socket = socket;
    const name: string = event;
    untyped.on(name, listener);
    return () => void untyped.off(name, listener);
  }, [socket, event]);
}
