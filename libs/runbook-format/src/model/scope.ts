import type { JsonValue, ParameterValue } from './runbook.js';

/**
 * What templates and conditions can see. The members are the wire names of the API.
 * A part that is absent makes its names undefined, which is an error unless the template has a `default`.
 */
export interface TemplateScope {
  alert?: AlertScope;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  parameters?: Record<string, ParameterValue | null | undefined>;
  target?: TargetScope;
  /** By the step's `register`. */
  steps?: Record<string, StepResultScope>;
  execution?: { id: string };
  secrets?: Record<string, string>;
}

export interface AlertScope {
  id?: string;
  alert_name?: string;
  severity?: string;
  status?: string;
  source?: string;
  fingerprint?: string;
  starts_at?: string;
  occurrences?: number;
}

export interface TargetScope {
  name?: string;
  host?: string;
  port?: number;
  username?: string;
  kind?: string;
  shell?: string;
  labels?: Record<string, string>;
}

export interface StepResultScope {
  stdout?: string;
  stderr?: string;
  exit_code?: number | null;
  /** The HTTP status of an http step. */
  status?: number;
  /** The output parsed as JSON; absent when it is none. */
  json?: JsonValue;
}
