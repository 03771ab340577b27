import type { AlertDto, ExecutionStatus, Severity, StepStatus } from '@aiops/contracts';
import type { CSSProperties } from 'react';
import type { Meaning } from '../theme/tokens';

interface Look {
  icon: string;
  word: string;
  meaning: Meaning;
  pulse?: boolean;
}

const severities: Record<Severity, Look> = {
  critical: { icon: '◆', word: 'Critical', meaning: 'critical' },
  high: { icon: '▲', word: 'High', meaning: 'high' },
  warning: { icon: '●', word: 'Warning', meaning: 'warning' },
  info: { icon: '▾', word: 'Info', meaning: 'info' },
};
const alertStates: Record<AlertDto['status'], Look> = {
  firing: { icon: '◉', word: 'Firing', meaning: 'critical' },
  acknowledged: { icon: '◐', word: 'Acknowledged', meaning: 'running' },
  resolved: { icon: '✓', word: 'Resolved', meaning: 'good' },
  suppressed: { icon: '⊘', word: 'Suppressed', meaning: 'settled' },
};
const remediations: Record<AlertDto['remediation'], Look | null> = {
  none: null,
  ignored: { icon: '⊘', word: 'Ignored', meaning: 'settled' },
  observed: { icon: '○', word: 'Observed', meaning: 'settled' },
  suggested: { icon: '▸', word: 'Suggested', meaning: 'info' },
  awaiting_approval: { icon: '‖', word: 'Waits for approval', meaning: 'waiting' },
  running: { icon: '◐', word: 'Running', meaning: 'running', pulse: true },
  fixed: { icon: '✓', word: 'Fixed', meaning: 'good' },
  failed: { icon: '✕', word: 'Failed', meaning: 'failed' },
};
const executions: Record<ExecutionStatus, Look> = {
  awaiting_approval: { icon: '‖', word: 'Waits for approval', meaning: 'waiting' },
  queued: { icon: '○', word: 'Queued', meaning: 'settled' },
  running: { icon: '◐', word: 'Running', meaning: 'running', pulse: true },
  verifying: { icon: '◐', word: 'Verifying', meaning: 'running', pulse: true },
  succeeded: { icon: '✓', word: 'Succeeded', meaning: 'good' },
  failed: { icon: '✕', word: 'Failed', meaning: 'failed' },
  rolled_back: { icon: '↶', word: 'Rolled back', meaning: 'failed' },
  rejected: { icon: '⊘', word: 'Declined', meaning: 'settled' },
  cancelled: { icon: '■', word: 'Stopped', meaning: 'settled' },
  timed_out: { icon: '◷', word: 'Timed out', meaning: 'late' },
  needs_attention: { icon: '‖', word: 'Needs a decision', meaning: 'waiting' },
};
const steps: Record<StepStatus, Look> = {
  pending: { icon: '○', word: 'Pending', meaning: 'settled' },
  running: { icon: '◐', word: 'Running', meaning: 'running', pulse: true },
  awaiting_approval: { icon: '‖', word: 'Waits for approval', meaning: 'waiting' },
  succeeded: { icon: '✓', word: 'Succeeded', meaning: 'good' },
  failed: { icon: '✕', word: 'Failed', meaning: 'failed' },
  skipped: { icon: '⊘', word: 'Skipped', meaning: 'settled' },
  cancelled: { icon: '■', word: 'Stopped', meaning: 'settled' },
  interrupted: { icon: '◷', word: 'Interrupted', meaning: 'late' },
};

/** Icon, word and colour together: colour never stands alone. */
export function Mark({ icon, word, meaning, pulse, tinted }: Look & { tinted?: boolean }) {
  const style: CSSProperties = { color: `var(--c-${meaning})`, whiteSpace: 'nowrap', fontWeight: 500 };
  const tint: CSSProperties = tinted
    ? { background: `var(--c-${meaning}-tint)`, padding: '1px 8px', borderRadius: 999, fontSize: 13 }
    : {};
  return (
    <span style={{ ...style, ...tint }}>
      <span aria-hidden className={pulse ? 'pulse' : undefined}>
        {icon}
      </span>{' '}
      {word}
    </span>
  );
}

export const SeverityMark = ({ severity }: { severity: Severity }) => <Mark {...severities[severity]} />;
export const AlertStatusMark = ({ status }: { status: AlertDto['status'] }) => (
  <Mark {...alertStates[status]} tinted />
);
export const ExecutionStatusMark = ({ status }: { status: ExecutionStatus }) => (
  <Mark {...executions[status]} tinted />
);
export const StepStatusMark = ({ status }: { status: StepStatus }) => <Mark {...steps[status]} />;
export function RemediationMark({ remediation }: { remediation: AlertDto['remediation'] }) {
  const look = remediations[remediation];
  return look === null ? <span aria-label="No remediation">—</span> : <Mark {...look} />;
}
export const severityColour = (severity: Severity): string => `var(--c-${severities[severity].meaning})`;
export const executionWord = (status: ExecutionStatus): string => executions[status].word;
export const executionIcon = (status: ExecutionStatus): string => executions[status].icon;
