import { matchTrigger, type Runbook } from '@aiops/runbook-format';

interface TriggerSubject {
  alertName: string;
  labels: Record<string, string>;
  startsAt: Date;
  occurrences: number;
}

/** What a runbook's triggers say to an alert. */
export interface TriggerVerdict {
  matches: boolean;
  reasons: string[];
  /** When a trigger that only lacks `min_duration` will match, if the alert still fires then. */
  matchesAt: Date | null;
  /** Whether a trigger lacks nothing but further occurrences (and, it may be, time). */
  awaitsOccurrences: boolean;
}

/** A runbook without triggers accepts every alert that a rule sends it. */
export function judgeTriggers(runbook: Runbook, alert: TriggerSubject, now: Date): TriggerVerdict {
  if (runbook.triggers.length === 0) {
    return {
      matches: true,
      reasons: ['the runbook has no trigger of its own'],
      matchesAt: null,
      awaitsOccurrences: false,
    };
  }
  const firedForMs = now.getTime() - alert.startsAt.getTime();
  const facts = {
    alertName: alert.alertName,
    labels: alert.labels,
    firedForMs,
    occurrences: alert.occurrences,
  };
  const verdicts = runbook.triggers.map((trigger) => ({ trigger, verdict: matchTrigger(trigger, facts) }));
  const match = verdicts.find(({ verdict }) => verdict.matches);
  if (match !== undefined) {
    return { matches: true, reasons: match.verdict.reasons, matchesAt: null, awaitsOccurrences: false };
  }
  const patient = verdicts.filter(
    ({ trigger }) => matchTrigger(trigger, { ...facts, firedForMs: Infinity, occurrences: Infinity }).matches,
  );
  const timed = patient.filter(
    ({ trigger }) => matchTrigger(trigger, { ...facts, firedForMs: Infinity }).matches,
  );
  const soonest = Math.min(...timed.map(({ trigger }) => alert.startsAt.getTime() + trigger.minDurationMs));
  return {
    matches: false,
    reasons: verdicts.flatMap(({ verdict }) => verdict.reasons),
    matchesAt: Number.isFinite(soonest) ? new Date(soonest) : null,
    awaitsOccurrences: patient.length > timed.length,
  };
}
