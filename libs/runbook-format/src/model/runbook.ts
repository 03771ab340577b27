/**
 * The normalised runbook: every default is applied, durations are milliseconds, and lists are lists.
 * The format is described in `docs/runbook-format.md`.
 */
export interface Runbook {
  name: string;
  description: string;
  category: string | null;
  tags: string[];
  triggers: Trigger[];
  parameters: ParameterDefinition[];
  /** Null: whoever starts the runbook names the targets. */
  targets: TargetSelector | null;
  safety: Safety;
  steps: Step[];
  rollback: Step[];
  verify: Verification;
}

/** An alert matches when every condition holds. */
export interface Trigger {
  /** Exact name or a glob with `*` and `?`, always over the whole name. */
  alertName: string;
  labels: Record<string, string>;
  minDurationMs: number;
  minOccurrences: number;
}

export const PARAMETER_TYPES = ['string', 'integer', 'number', 'boolean', 'enum', 'duration'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** A bound value. A duration stays the text that was given (`30s`), so that commands can use it. */
export type ParameterValue = string | number | boolean;

export interface ParameterDefinition {
  name: string;
  description: string;
  type: ParameterType;
  required: boolean;
  default: ParameterValue | null;
  /** Template that supplies the value when none is given. */
  from: string | null;
  /** RE2 syntax; must match the whole value. */
  pattern: string | null;
  /** For a duration in milliseconds, otherwise the number itself. */
  minimum: number | null;
  maximum: number | null;
  /** The choices of an enum; empty for other types. */
  values: string[];
}

export type TargetSelection =
  | { by: 'names'; names: string[] }
  | { by: 'labels'; labels: Record<string, string> }
  | { by: 'from_label'; label: string };

export type TargetSelector = TargetSelection & { strategy: TargetStrategy };

export interface TargetStrategy {
  /** How many targets are worked on at once. */
  batch: number;
  /** No further target is started once more than this many have failed. */
  maxFailures: number;
}

export const APPROVAL_MODES = ['required', 'by_rule', 'never'] as const;
export type ApprovalMode = (typeof APPROVAL_MODES)[number];

export interface Safety {
  approval: ApprovalMode;
  approvalExpiresMs: number;
  /** Between two executions on the same target; 0 is none. */
  cooldownMs: number;
  /** Null: no cap. */
  maxPerHour: number | null;
  /** The default for steps that do not say. */
  idempotent: boolean;
}

export const FAILURE_ACTIONS = ['stop', 'continue', 'rollback'] as const;
export type FailureAction = (typeof FAILURE_ACTIONS)[number];
export const BACKOFFS = ['fixed', 'exponential'] as const;
export type Backoff = (typeof BACKOFFS)[number];

export interface Retries {
  /** Tries in all, the first included: 1 is no retry. */
  attempts: number;
  delayMs: number;
  backoff: Backoff;
}

interface StepCommon {
  name: string;
  /** Condition; the step is skipped when it does not hold. Null: always. */
  when: string | null;
  onFailure: FailureAction;
  approvalRequired: boolean;
  timeoutMs: number;
  retries: Retries;
  /** May be run again after an interruption. */
  idempotent: boolean;
  /** Name under which later steps see the result as `steps.<register>`. */
  register: string | null;
  /** Line of the step in the YAML, 1-based. */
  line: number;
}

export interface CommandStep extends StepCommon {
  kind: 'command';
  command: CommandTemplate;
  expectedOutput: ExpectedOutput | null;
  expectedExitCodes: number[];
}

export interface HttpStep extends StepCommon {
  kind: 'http';
  http: HttpTemplate;
}

export type Step = CommandStep | HttpStep;

export type Shell = 'posix' | 'powershell';

/** The command text by shell; null where the runbook has none for that shell. */
export interface CommandTemplate {
  posix: string | null;
  powershell: string | null;
}

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export type ExpectedOutput =
  { kind: 'text'; text: string } | { kind: 'matches'; pattern: string } | { kind: 'json'; json: JsonValue };

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

export interface HttpTemplate {
  method: HttpMethod;
  url: string;
  headers: Record<string, string>;
  body: HttpBody | null;
  expect: HttpExpectation;
}

export type HttpBody = { kind: 'json'; json: JsonValue } | { kind: 'text'; text: string };

export interface HttpExpectation {
  /** Null: any 2xx. */
  status: number[] | null;
  /** Every member named here must be in the answer. */
  json: JsonValue | null;
  matches: string | null;
}

export interface Verification {
  steps: Step[];
  /** Null: the alert's own resolution is not awaited. */
  alertResolvedWithinMs: number | null;
}
