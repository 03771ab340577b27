import type { ExecutionDto, ExecutionStepDto } from '@aiops/contracts';

const settled = new Set<ExecutionStepDto['status']>(['succeeded', 'failed', 'skipped', 'cancelled']);

/** How far an execution is: rollback counts only once it has begun. */
export function progressOf(steps: readonly ExecutionStepDto[]): {
  done: number;
  of: number;
  current: ExecutionStepDto | null;
} {
  const rollingBack = steps.some(
    (step) => step.phase === 'rollback' && step.status !== 'pending' && step.status !== 'skipped',
  );
  const counted = steps.filter((step) => step.phase !== 'rollback' || rollingBack);
  return {
    done: counted.filter((step) => settled.has(step.status)).length,
    of: counted.length,
    current: counted.find((step) => !settled.has(step.status) && step.status !== 'pending') ?? null,
  };
}

const finals = new Set<ExecutionDto['status']>([
  'succeeded',
  'failed',
  'rolled_back',
  'rejected',
  'cancelled',
  'timed_out',
]);

/** Whether nothing more happens to it. */
export const isFinal = (status: ExecutionDto['status']): boolean => finals.has(status);

/** Milliseconds that it took so far, or in all; null before it started. */
export function elapsedOf(execution: ExecutionDto, now: number): number | null {
  if (execution.started_at === null) return null;
  const end = execution.finished_at === null ? now : Date.parse(execution.finished_at);
  return Math.max(0, end - Date.parse(execution.started_at));
}
