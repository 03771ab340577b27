import type { CommandSession, CommandSessions, Target } from '../../../executor/index.js';

/** What opens connections: the executor. */
export type SessionOpener = Pick<CommandSessions, 'open'>;

/** One connection per target for as long as a worker works on an execution; the rollback finds it still open. */
export class SessionPool {
  private readonly open = new Map<string, Promise<CommandSession>>();

  constructor(private readonly sessions: SessionOpener) {}

  /** @throws ConnectError */
  async get(target: Target, signal: AbortSignal): Promise<CommandSession> {
    const opened = this.open.get(target.id) ?? this.sessions.open(target, { signal });
    this.open.set(target.id, opened);
    try {
      return await opened;
    } catch (error) {
      this.open.delete(target.id);
      throw error;
    }
  }

  /** Forgets a connection that is of no more use. */
  async drop(target: Target): Promise<void> {
    const opened = this.open.get(target.id);
    this.open.delete(target.id);
    await closeQuietly(opened);
  }

  async closeAll(): Promise<void> {
    const all = [...this.open.values()];
    this.open.clear();
    await Promise.all(all.map(closeQuietly));
  }
}

async function closeQuietly(opened: Promise<CommandSession> | undefined): Promise<void> {
  try {
    (await opened)?.close();
  } catch {
    // It is going away in any case.
  }
}
