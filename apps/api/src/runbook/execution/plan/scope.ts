import type { JsonValue, ParameterValue, StepResultScope, TemplateScope } from '@aiops/runbook-format';
import type { AlertSnapshot } from '../execution.types.js';
import type { ExecutionStep } from '../machine/state.js';
import type { PlanTarget } from './plan.types.js';

/** What a command sees besides its target: the same for every step of an execution. */
export interface ScopeBase {
  executionId: string;
  parameters: Record<string, ParameterValue>;
  alertSnapshot: AlertSnapshot;
}

/** All names that the templates of a step may use. Without `steps` and `secrets` it is the scope of a plan. */
export function templateScope(
  base: ScopeBase,
  target: PlanTarget | null,
  known: { steps?: Record<string, StepResultScope>; secrets?: Record<string, string> } = {},
): TemplateScope {
  return {
    ...base.alertSnapshot,
    parameters: base.parameters,
    target: target === null ? undefined : targetScope(target),
    steps: known.steps ?? {},
    execution: { id: base.executionId },
    secrets: known.secrets,
  };
}

function targetScope({
  name,
  host,
  port,
  username,
  kind,
  shell,
  labels,
}: PlanTarget): TemplateScope['target'] {
  return { name, host, port, username: username ?? undefined, kind, shell, labels };
}

/** What earlier steps on the same target left under the names that they registered. */
export function registeredResults(
  steps: readonly ExecutionStep[],
  lane: number,
  registerOf: (step: ExecutionStep) => string | null,
): Record<string, StepResultScope> {
  const results: Record<string, StepResultScope> = {};
  for (const step of steps) {
    const register = step.lane === lane ? registerOf(step) : null;
    if (register !== null && step.result !== null) results[register] = toScope(step.result);
  }
  return results;
}

function toScope({
  stdout,
  stderr,
  exitCode,
  status,
}: NonNullable<ExecutionStep['result']>): StepResultScope {
  return { stdout, stderr, exit_code: exitCode, status: status ?? undefined, json: parsedJson(stdout) };
}

function parsedJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
