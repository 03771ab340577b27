import type { Severity } from '@aiops/contracts';

/** All that the engine knows of one alert, as plain data; times are RFC 3339. Stored with the analysis. */
export interface AnalysisFacts {
  alert: {
    id: string;
    alertName: string;
    severity: Severity;
    status: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
    startsAt: string;
    occurrences: number;
  };
  now: string;
  /** Earlier episodes of the same fingerprint, newest first. */
  episodes: { startedAt: string; resolvedAt: string | null; resolvedBy: string | null }[];
  /** Runs for those episodes and for earlier alerts of the same name, newest first. */
  runs: {
    runbookId: string;
    runbookName: string;
    status: string;
    durationMs: number | null;
    finishedAt: string | null;
  }[];
  /** Other open alerts, those that share most labels first. */
  related: { id: string; alertName: string; severity: Severity; startsAt: string; sharedLabels: string[] }[];
  /** Every enabled runbook, with what its trigger says to this alert. */
  candidates: { id: string; name: string; description: string; matches: boolean; reasons: string[] }[];
  /** The rule that decided, if one did. */
  rule: { name: string; action: string } | null;
}

/** What an analysis says, whoever made it. */
export interface AnalysisResult {
  summary: string;
  rootCause: string;
  impact: string;
  /** 0 to 1. */
  confidence: number;
  evidence: { kind: string; text: string; ref: string | null }[];
  recommendedRunbook: { id: string; name: string; reason: string } | null;
}
