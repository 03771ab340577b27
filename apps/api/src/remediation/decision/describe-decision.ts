import type { Decision } from './decide.js';

/** One sentence for the alert's timeline, or null when there is nothing to tell. */
export function describeDecision(decision: Decision): string | null {
  const because = (reasons: string[]): string => (reasons.length === 0 ? '' : ` (${reasons.join('; ')})`);
  switch (decision.kind) {
    case 'ignore':
      return `Rule "${decision.rule.name}" matched: the alert is ignored.`;
    case 'observe':
      return `Rule "${decision.rule.name}" matched: the alert is observed, nothing is run.`;
    case 'approve':
      return `Rule "${decision.rule.name}" matched: ${decision.runbook.name} is prepared for approval${because(decision.reasons)}.`;
    case 'auto':
      return `Rule "${decision.rule.name}" matched: ${decision.runbook.name} is run automatically${because(decision.reasons)}.`;
    case 'wait':
      return `Rule "${decision.rule.name}" matched: ${decision.runbook.name} waits${because(decision.verdict.reasons)}.`;
    case 'refused':
      return `Rule "${decision.rule.name}" matched, but nothing is run${because(decision.reasons)}.`;
    case 'suggest': {
      const by = decision.rule === null ? 'No rule matched' : `Rule "${decision.rule.name}" matched`;
      if (decision.runbook === null)
        return decision.rule === null ? null : `${by}: no runbook matches this alert.`;
      return `${by}: ${decision.runbook.name} is suggested${because(decision.reasons)}.`;
    }
  }
}
