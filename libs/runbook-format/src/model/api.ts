import type { HttpMethod, JsonValue, ParameterValue, Runbook } from './runbook.js';
import type { Problem } from './problem.js';

/** The outcome of `parseRunbook`; `runbook` is null exactly when there are errors. */
export interface ParsedRunbook {
  runbook: Runbook | null;
  errors: Problem[];
  warnings: Problem[];
}

export interface RenderOptions {
  /** Render for people to approve: secrets and results of steps that have not run appear as `‹name›`. */
  plan?: boolean;
}

export interface Rendered<T = string> {
  /** What runs; in a plan, what will run as far as it is known. */
  text: T;
  /** The same with every secret as `***`: the only form to store, log or show. */
  masked: T;
  /** Names not yet known in a plan, such as `steps.pid.stdout`. */
  unknown: string[];
}

export interface HttpRequest {
  method: HttpMethod;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

export interface BoundParameters {
  values: Record<string, ParameterValue>;
  errors: { field: string; message: string }[];
}

export interface AlertFacts {
  alertName: string;
  labels: Record<string, string>;
  firedForMs: number;
  occurrences: number;
}

export interface TriggerMatch {
  matches: boolean;
  /** Why it matches, or every condition that does not hold. */
  reasons: string[];
}

export interface MatchableTarget {
  name: string;
  host: string;
  labels: Record<string, string>;
}

export interface CommandResult {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

export interface HttpResult {
  status: number;
  body: string;
}

export interface ExpectationResult {
  ok: boolean;
  /** Empty when ok. */
  reasons: string[];
}

export interface OutlineItem {
  section: 'steps' | 'rollback' | 'verify';
  index: number;
  name: string;
  kind: 'command' | 'http';
  /** The execution waits for a person before this step. */
  approval: boolean;
  line: number;
}

export type { JsonValue };
