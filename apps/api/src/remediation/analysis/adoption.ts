import type { Recommendation } from '../../llm/index.js';
import type { AlertRun } from '../../runbook/index.js';

/**
 * What became of a recommendation: the runbook was run (`adopted`), waits to be (`waiting`), was turned down
 * (`rejected`), another one was run instead (`other_runbook`), or nothing was (`none`).
 */
export const adoptionOutcomes = ['adopted', 'waiting', 'rejected', 'other_runbook', 'none'] as const;
export type AdoptionOutcome = (typeof adoptionOutcomes)[number];

/** Only what was asked for after the recommendation can follow from it. */
export function adoptionOf(recommendation: Recommendation, runs: AlertRun[]): AdoptionOutcome {
  const later = runs.filter((run) => run.askedAt >= recommendation.at);
  const same = later.filter((run) => run.runbookId === recommendation.runbookId);
  if (same.some((run) => run.began)) return 'adopted';
  if (later.some((run) => run.began)) return 'other_runbook';
  if (same.some((run) => run.status === 'awaiting_approval' || run.status === 'queued')) return 'waiting';
  return same.length > 0 ? 'rejected' : 'none';
}

/** How many recommendations of each provider had which outcome. */
export function countAdoption(
  recommendations: Recommendation[],
  runs: AlertRun[],
): { provider: string; outcome: AdoptionOutcome; count: number }[] {
  const byAlert = Map.groupBy(runs, (run) => run.alertId);
  const counts = new Map<string, Record<AdoptionOutcome, number>>();
  for (const recommendation of recommendations) {
    const { provider, alertId } = recommendation;
    const count = counts.get(provider) ?? { adopted: 0, waiting: 0, rejected: 0, other_runbook: 0, none: 0 };
    count[adoptionOf(recommendation, byAlert.get(alertId) ?? [])] += 1;
    counts.set(provider, count);
  }
  return [...counts].flatMap(([provider, count]) =>
    adoptionOutcomes.map((outcome) => ({ provider, outcome, count: count[outcome] })),
  );
}
