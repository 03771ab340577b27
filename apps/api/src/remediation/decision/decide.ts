import type { Matcher, RuleAction } from '@aiops/contracts';
import type { Runbook } from '@aiops/runbook-format';
import { matchersHold, matchSubject } from '../rule/matchers.js';
import { judgeTriggers, type TriggerVerdict } from './trigger-verdict.js';

interface DecidableAlert {
  alertName: string;
  severity: string;
  source: string;
  labels: Record<string, string>;
  startsAt: Date;
  occurrences: number;
}
interface DecidableRule {
  id: string;
  name: string;
  matchers: Matcher[];
  action: RuleAction;
  runbookId: string | null;
}
interface DecidableRunbook {
  id: string;
  name: string;
  runbook: Runbook;
}

/** What happens with one alert. */
export type Decision =
  | { kind: 'ignore' | 'observe'; rule: DecidableRule }
  /** Show a runbook to a person; `runbook` is null when none matches. */
  | { kind: 'suggest'; rule: DecidableRule | null; runbook: DecidableRunbook | null; reasons: string[] }
  /** Ask for approval of a plan, or run it. */
  | { kind: 'approve' | 'auto'; rule: DecidableRule; runbook: DecidableRunbook; reasons: string[] }
  /** The rule matched, and its runbook does not accept this alert yet: by time, by occurrences or both. */
  | { kind: 'wait'; rule: DecidableRule; runbook: DecidableRunbook; verdict: TriggerVerdict }
  /** The rule matched, and its runbook cannot be used for this alert. */
  | { kind: 'refused'; rule: DecidableRule; reasons: string[] };

/** Decides for one alert: the first rule that matches, in the order given; without one, a matching runbook is suggested. */
export function decide(
  alert: DecidableAlert,
  rules: readonly DecidableRule[],
  runbooks: readonly DecidableRunbook[],
  now: Date,
): Decision {
  const subject = matchSubject(alert);
  const rule = rules.find((candidate) => matchersHold(candidate.matchers, subject));
  if (rule === undefined) return suggestion(null, alert, runbooks, now);
  switch (rule.action) {
    case 'ignore':
    case 'observe':
      return { kind: rule.action, rule };
    case 'suggest':
      return suggestion(rule, alert, runbooks, now);
    case 'approve':
    case 'auto':
      return run(rule.action, rule, alert, runbooks, now);
  }
}

/** The same run for a person to approve, because nothing runs by itself at present. */
export function askInstead(decision: Extract<Decision, { kind: 'approve' | 'auto' }>): Decision {
  return {
    ...decision,
    kind: 'approve',
    reasons: [...decision.reasons, 'automatic execution is switched off'],
  };
}

function suggestion(
  rule: DecidableRule | null,
  alert: DecidableAlert,
  runbooks: readonly DecidableRunbook[],
  now: Date,
): Decision {
  const named = runbooks.find((candidate) => rule !== null && candidate.id === rule.runbookId);
  if (named !== undefined) {
    return { kind: 'suggest', rule, runbook: named, reasons: [`the rule names ${named.name}`] };
  }
  for (const candidate of runbooks) {
    // A runbook without triggers says nothing about when it helps: only a rule can name it.
    if (candidate.runbook.triggers.length === 0) continue;
    const verdict = judgeTriggers(candidate.runbook, alert, now);
    if (verdict.matches) return { kind: 'suggest', rule, runbook: candidate, reasons: verdict.reasons };
  }
  return { kind: 'suggest', rule, runbook: null, reasons: [] };
}

function run(
  kind: 'approve' | 'auto',
  rule: DecidableRule,
  alert: DecidableAlert,
  runbooks: readonly DecidableRunbook[],
  now: Date,
): Decision {
  const runbook = runbooks.find((candidate) => candidate.id === rule.runbookId);
  if (runbook === undefined) {
    return { kind: 'refused', rule, reasons: ['its runbook was deleted or is switched off'] };
  }
  const verdict = judgeTriggers(runbook.runbook, alert, now);
  if (verdict.matches) return { kind, rule, runbook, reasons: verdict.reasons };
  if (verdict.matchesAt !== null || verdict.awaitsOccurrences)
    return { kind: 'wait', rule, runbook, verdict };
  return { kind: 'refused', rule, reasons: verdict.reasons };
}
