import type { AnalysisFacts } from '../../llm/index.js';

interface KnownAlert {
  id: string;
  fingerprint: string;
  alertName: string;
  severity: AnalysisFacts['alert']['severity'];
  status: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: Date;
  resolvedAt: Date | null;
  occurrences: number;
}
interface KnownRun {
  runbookId: string;
  runbookName: string;
  status: string;
  durationMs: number | null;
  alertId: string | null;
}

/** What is put together into the facts of an analysis. */
export interface FactSources {
  alert: KnownAlert;
  now: Date;
  /** Earlier episodes, newest first. */
  history: KnownAlert[];
  open: KnownAlert[];
  runs: KnownRun[];
  candidates: AnalysisFacts['candidates'];
  rule: AnalysisFacts['rule'];
}

/** Labels that nearly every alert shares and that therefore relate nothing. */
const commonLabels = new Set([
  'alertname',
  'severity',
  'job',
  'monitor',
  'prometheus',
  'env',
  'environment',
  'cluster',
  'team',
]);
const RELATED_LIMIT = 20;

/** Names of the labels that both have with the same value and that say something. */
export function sharedLabels(a: Record<string, string>, b: Record<string, string>): string[] {
  return Object.keys(a).filter((name) => !commonLabels.has(name) && a[name] !== '' && a[name] === b[name]);
}

export function gatherFacts(sources: FactSources): AnalysisFacts {
  const { alert, now } = sources;
  const fixes = new Map(
    sources.runs.flatMap((run) =>
      run.status === 'succeeded' && run.alertId !== null ? [[run.alertId, run.runbookName]] : [],
    ),
  );
  return {
    alert: {
      id: alert.id,
      alertName: alert.alertName,
      severity: alert.severity,
      status: alert.status,
      labels: alert.labels,
      annotations: alert.annotations,
      startsAt: alert.startsAt.toISOString(),
      occurrences: alert.occurrences,
    },
    now: now.toISOString(),
    episodes: sources.history.map((episode) => ({
      startedAt: episode.startsAt.toISOString(),
      resolvedAt: episode.resolvedAt?.toISOString() ?? null,
      resolvedBy: fixes.get(episode.id) ?? null,
    })),
    runs: sources.runs.map(({ runbookId, runbookName, status, durationMs }) => ({
      runbookId,
      runbookName,
      status,
      durationMs,
      finishedAt: null,
    })),
    related: sources.open
      .filter((other) => other.fingerprint !== alert.fingerprint)
      .map((other) => ({
        id: other.id,
        alertName: other.alertName,
        severity: other.severity,
        startsAt: other.startsAt.toISOString(),
        sharedLabels: sharedLabels(alert.labels, other.labels),
      }))
      .sort((a, b) => b.sharedLabels.length - a.sharedLabels.length)
      .slice(0, RELATED_LIMIT),
    candidates: sources.candidates,
    rule: sources.rule,
  };
}
