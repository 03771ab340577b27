import type { AlertDto } from './alert.js';
import type { ExecutionDto, OutputChunkDto } from './execution.js';
import type { AnalysisDto } from './llm.js';
import type { NotificationDto } from './notification.js';
import type { BreakerDto } from './platform.js';

/**
 * What the server pushes; the same JSON as REST. `alert.*` events are batched: one message carries every
 * alert that changed within the push interval.
 */
export interface ServerToClientEvents {
  'alert.created': (alerts: AlertDto[]) => void;
  'alert.updated': (alerts: AlertDto[]) => void;
  'alert.deleted': (ids: string[]) => void;
  'execution.updated': (execution: ExecutionDto) => void;
  'execution.approval_requested': (execution: ExecutionDto) => void;
  /** Only in the room of the execution. */
  'execution.output': (message: { execution_id: string; chunks: OutputChunkDto[] }) => void;
  'analysis.completed': (analysis: AnalysisDto) => void;
  'notification.failed': (notification: NotificationDto) => void;
  /** Also of runbooks (`runbook:restart-service`), whose breakers REST shows with the runbook. */
  'platform.breaker': (breaker: BreakerDto) => void;
  'target.updated': (message: { target_id: string }) => void;
  /** The session ended, or its person may do other things now: ask who is signed in. The connection ends with it. */
  'session.changed': () => void;
}

/** What a client may ask for: to follow or leave the output of one execution, and to stay with a newer access token. */
export interface ClientToServerEvents {
  'execution.follow': (message: { execution_id: string }, ack: (ok: boolean) => void) => void;
  'execution.unfollow': (message: { execution_id: string }, ack: (ok: boolean) => void) => void;
  /** Before the token of the connection runs out; false for one that is not of the same session. */
  'session.renew': (message: { token: string }, ack: (ok: boolean) => void) => void;
}
export type ServerEventName = keyof ServerToClientEvents;
