import type { AnalysisFacts } from './facts.js';

/** How one runbook did on earlier occasions. */
export interface TrackRecord {
  runbookId: string;
  name: string;
  runs: number;
  fixed: number;
  medianMs: number | null;
}

const finished = new Set(['succeeded', 'failed', 'rolled_back', 'timed_out']);

/** Past runs by runbook, the most reliable first. Runs that nobody let finish say nothing. */
export function trackRecords(runs: AnalysisFacts['runs']): TrackRecord[] {
  const byRunbook = new Map<string, AnalysisFacts['runs']>();
  for (const run of runs) {
    if (!finished.has(run.status)) continue;
    byRunbook.set(run.runbookId, [...(byRunbook.get(run.runbookId) ?? []), run]);
  }
  return [...byRunbook.values()]
    .map((group) => {
      const good = group.filter((run) => run.status === 'succeeded');
      const durations = good.flatMap((run) => (run.durationMs === null ? [] : [run.durationMs]));
      return {
        runbookId: group[0]?.runbookId ?? '',
        name: group[0]?.runbookName ?? '',
        runs: group.length,
        fixed: good.length,
        medianMs: median(durations),
      };
    })
    .sort((a, b) => b.fixed / b.runs - a.fixed / a.runs || b.runs - a.runs);
}

/** Median, or null of nothing. */
export function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** A span for a sentence: `48 s`, `3 min`, `2 h`, `5 d`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
