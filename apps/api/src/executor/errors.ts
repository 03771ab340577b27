import { OperationalError } from '../platform/index.js';

export type ConnectErrorCode =
  | 'unknown_host_key'
  | 'host_key_changed'
  | 'login_refused'
  | 'unreachable'
  | 'timeout'
  /** The target as it is stored cannot be connected to; nothing was tried. */
  | 'not_configured'
  /** Whoever wanted the connection gave it up. */
  | 'cancelled';

/** No connection came about, so no command was started. The message says what a person can do. */
export class ConnectError extends OperationalError {
  readonly started = false;
  constructor(
    readonly code: ConnectErrorCode,
    message: string,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}

/** The connection was lost while a command ran: nobody knows how it ended. */
export class ConnectionLostError extends OperationalError {
  readonly started = true;
}
