import { describe, expect, it } from 'vitest';
import { alertStatusSchema } from '@aiops/contracts';
import { transition, type LifecycleAction } from './transition.js';

const of = (status: (typeof alertStatusSchema.options)[number], acknowledgedBy: string | null = null) => ({
  status,
  acknowledgedBy,
});

describe('transition', () => {
  it('acknowledges what fires, and what is suppressed', () => {
    expect(transition(of('firing'), 'acknowledge', 'mia')).toEqual({ kind: 'change', to: 'acknowledged' });
    expect(transition(of('suppressed'), 'acknowledge', 'mia')).toEqual({
      kind: 'change',
      to: 'acknowledged',
    });
  });

  it('never acknowledges a resolved alert', () => {
    expect(transition(of('resolved'), 'acknowledge', 'mia').kind).toBe('refused');
  });

  it('lets a person acknowledge twice, and says who was first to another', () => {
    expect(transition(of('acknowledged', 'mia'), 'acknowledge', 'mia')).toEqual({ kind: 'unchanged' });
    expect(transition(of('acknowledged', 'mia'), 'acknowledge', 'tom')).toEqual({
      kind: 'refused',
      reason: 'mia has acknowledged it already.',
    });
  });

  it('takes an acknowledgement back, whoever gave it', () => {
    expect(transition(of('acknowledged', 'mia'), 'unacknowledge', 'tom')).toEqual({
      kind: 'change',
      to: 'firing',
    });
  });

  it('resolves every open alert', () => {
    for (const status of ['firing', 'acknowledged', 'suppressed'] as const) {
      expect(transition(of(status), 'resolve', 'mia')).toEqual({ kind: 'change', to: 'resolved' });
    }
  });

  it('never leaves a resolved alert anything but resolved', () => {
    for (const action of ['acknowledge', 'unacknowledge', 'resolve'] satisfies LifecycleAction[]) {
      expect(transition(of('resolved'), action, 'mia').kind).not.toBe('change');
    }
  });
});
