import type { AlertFacts, TriggerMatch } from '../model/api.js';
import type { Trigger } from '../model/runbook.js';
import { matchGlob } from '../rules/glob.js';

/** Whether an alert fits a trigger, and why: on a match every condition that held, otherwise every one that did not. */
export function matchTrigger(trigger: Trigger, alert: AlertFacts): TriggerMatch {
  const held: string[] = [];
  const failed: string[] = [];
  const check = (holds: boolean, reason: string, otherwise: string): void => {
    if (holds) held.push(reason);
    else failed.push(otherwise);
  };
  const { alertName, labels, minDurationMs, minOccurrences } = trigger;
  check(
    matchGlob(alertName, alert.alertName),
    `alert name ${alert.alertName} matches ${alertName}`,
    `alert name ${alert.alertName} does not match ${alertName}`,
  );
  for (const [name, pattern] of Object.entries(labels)) {
    const value = Object.hasOwn(alert.labels, name) ? alert.labels[name] : undefined;
    if (value === undefined) failed.push(`the alert has no label ${name}`);
    else
      check(
        matchGlob(pattern, value),
        `label ${name}=${value} matches ${pattern}`,
        `label ${name}=${value} does not match ${pattern}`,
      );
  }
  if (minDurationMs > 0) {
    check(
      alert.firedForMs >= minDurationMs,
      `fired for ${alert.firedForMs} ms`,
      `fired for ${alert.firedForMs} ms, less than ${minDurationMs} ms`,
    );
  }
  if (minOccurrences > 1) {
    check(
      alert.occurrences >= minOccurrences,
      `came ${alert.occurrences} times`,
      `came ${alert.occurrences} times, fewer than ${minOccurrences}`,
    );
  }
  return { matches: failed.length === 0, reasons: failed.length === 0 ? held : failed };
}
