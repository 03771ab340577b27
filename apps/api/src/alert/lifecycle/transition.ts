import type { AlertStatus } from '@aiops/contracts';

/** What a person does to an alert. */
export type LifecycleAction = 'acknowledge' | 'unacknowledge' | 'resolve';

export type Transition =
  { kind: 'change'; to: AlertStatus } | { kind: 'unchanged' } | { kind: 'refused'; reason: string };

const change = (to: AlertStatus): Transition => ({ kind: 'change', to });
const unchanged: Transition = { kind: 'unchanged' };
const refused = (reason: string): Transition => ({ kind: 'refused', reason });

const table: Record<LifecycleAction, Record<AlertStatus, Transition>> = {
  acknowledge: {
    firing: change('acknowledged'),
    suppressed: change('acknowledged'),
    acknowledged: unchanged,
    resolved: refused('The alert is resolved; there is nothing to acknowledge.'),
  },
  unacknowledge: {
    firing: unchanged,
    suppressed: unchanged,
    acknowledged: change('firing'),
    resolved: refused('The alert is resolved.'),
  },
  resolve: {
    firing: change('resolved'),
    suppressed: change('resolved'),
    acknowledged: change('resolved'),
    resolved: unchanged,
  },
};

/** What `action` by the person called `by` does to an alert; doing again what is done changes nothing. */
export function transition(
  alert: { status: AlertStatus; acknowledgedBy: string | null },
  action: LifecycleAction,
  by: string,
): Transition {
  const other = alert.status === 'acknowledged' && alert.acknowledgedBy !== by ? alert.acknowledgedBy : null;
  if (action === 'acknowledge' && other !== null) return refused(`${other} has acknowledged it already.`);
  return table[action][alert.status];
}
