import type { Runbook } from '@aiops/runbook-format';

/** A runbook by its newest version; definitions never change, they get versions. */
export interface RunbookRecord {
  id: string;
  name: string;
  description: string;
  category: string;
  tags: string[];
  version: number;
  versionId: string;
  yaml: string;
  approval: 'required' | 'by_rule' | 'never';
  enabled: boolean;
  /** Hidden: its executions and versions stay. */
  deletedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface RunbookVersion {
  id: string;
  runbookId: string;
  version: number;
  yaml: string;
  createdBy: string;
  createdAt: Date;
}

/** How a runbook has done so far; dry runs do not count. */
export interface RunbookStats {
  runs: number;
  succeeded: number;
  failed: number;
  lastRunAt: Date | null;
  lastStatus: string | null;
}

/** What other modules learn of a runbook. */
export interface RunbookInfo {
  id: string;
  name: string;
  version: number;
  enabled: boolean;
  runbook: Runbook;
}
