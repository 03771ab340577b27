/** One command to run on a target. */
export interface CommandRequest {
  /** As it shall run: quoting is done. */
  command: string;
  shell: 'posix' | 'powershell';
  timeoutMs: number;
  /** Ends the command and everything it started. */
  signal: AbortSignal;
  /** Takes output as it comes. While a returned promise is pending, the target is made to wait. */
  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void | Promise<void>;
}

/** How a command ended. */
export interface CommandOutcome {
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  /** It was ended because `signal` was aborted. */
  cancelled: boolean;
  /** After a timeout or cancel: whether the remote processes are known to be gone. */
  remoteEnded: boolean;
}

/** A connection to one target, for all steps on it. */
export interface CommandSession {
  /** @throws ConnectionLostError when the connection is lost while it runs, ConnectError when it never began. */
  run(request: CommandRequest): Promise<CommandOutcome>;
  close(): void;
}
