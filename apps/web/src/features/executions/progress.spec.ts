import type { ExecutionStepDto } from '@aiops/contracts';
import { describe, expect, it } from 'vitest';
import { progressOf } from './progress';

const step = (phase: ExecutionStepDto['phase'], status: ExecutionStepDto['status']): ExecutionStepDto => ({
  index: 0,
  phase,
  name: 'x',
  kind: 'command',
  target: null,
  status,
  attempt: 1,
  exit_code: null,
  command: null,
  reason: null,
  approval_required: false,
  started_at: null,
  finished_at: null,
});

describe('the progress of an execution', () => {
  it('counts what is settled and names what is under way', () => {
    const { done, of, current } = progressOf([
      step('steps', 'succeeded'),
      step('steps', 'running'),
      step('verify', 'pending'),
    ]);
    expect([done, of, current?.status]).toEqual([1, 3, 'running']);
  });

  it('counts the rollback only once it has begun', () => {
    expect(progressOf([step('steps', 'succeeded'), step('rollback', 'pending')]).of).toBe(1);
    expect(progressOf([step('steps', 'failed'), step('rollback', 'running')]).of).toBe(2);
  });
});
