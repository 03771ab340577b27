import { finalExecutionStatuses, type ExecutionStatus } from '@aiops/contracts';

/** Where each status may lead. What is final leads nowhere. */
const next: Record<ExecutionStatus, readonly ExecutionStatus[]> = {
  awaiting_approval: ['queued', 'running', 'verifying', 'rejected', 'cancelled'],
  // One event may lead further at once, where nothing is left to run before the next wait or the end.
  queued: ['running', 'verifying', 'awaiting_approval', 'succeeded', 'rejected', 'cancelled'],
  running: [
    'verifying',
    'awaiting_approval',
    'succeeded',
    'failed',
    'timed_out',
    'rolled_back',
    'rejected',
    'cancelled',
    'needs_attention',
  ],
  verifying: [
    'running',
    'awaiting_approval',
    'succeeded',
    'failed',
    'timed_out',
    'rolled_back',
    'rejected',
    'cancelled',
    'needs_attention',
  ],
  needs_attention: ['running', 'verifying', 'cancelled'],
  succeeded: [],
  failed: [],
  timed_out: [],
  rolled_back: [],
  rejected: [],
  cancelled: [],
};

export function isFinal(status: ExecutionStatus): boolean {
  return finalExecutionStatuses.some((final) => final === status);
}

export function mayFollow(from: ExecutionStatus, to: ExecutionStatus): boolean {
  return from === to || next[from].includes(to);
}
