import type { CommandStep, HttpStep, HttpTemplate, JsonValue, Retries, Step } from '../model/runbook.js';
import type { StepInput } from '../schema/step.schema.js';
import { parseDuration } from '../rules/duration.js';

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_DELAY_MS = 1_000;

const list = (value: number | number[] | undefined): number[] | null => {
  if (value === undefined) return null;
  return Array.isArray(value) ? value : [value];
};

/** Milliseconds of a duration that the schema has accepted. */
export function durationMs(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : (parseDuration(text) ?? fallback);
}

function readRetries(input: StepInput['retries']): Retries {
  return {
    attempts: input?.attempts ?? 1,
    delayMs: durationMs(input?.delay, DEFAULT_DELAY_MS),
    backoff: input?.backoff ?? 'fixed',
  };
}

function readExpectedOutput(input: StepInput['expected_output']): CommandStep['expectedOutput'] {
  if (input === undefined) return null;
  if (typeof input === 'string') return { kind: 'text', text: input };
  return 'matches' in input
    ? { kind: 'matches', pattern: input.matches }
    : { kind: 'json', json: input.json };
}

function readHttp(input: NonNullable<StepInput['http']>): HttpTemplate {
  const json: JsonValue | undefined = input.json;
  const body: HttpStep['http']['body'] =
    json !== undefined
      ? { kind: 'json', json }
      : input.body !== undefined
        ? { kind: 'text', text: input.body }
        : null;
  return {
    method: input.method ?? 'GET',
    url: input.url,
    headers: input.headers ?? {},
    body,
    expect: {
      status: list(input.expect?.status),
      json: input.expect?.json ?? null,
      matches: input.expect?.matches ?? null,
    },
  };
}

/** The step with defaults applied. */
export function readStep(input: StepInput, idempotent: boolean, line: number): Step {
  const common = {
    name: input.name,
    when: input.when ?? null,
    onFailure: input.on_failure ?? ('stop' as const),
    approvalRequired: input.approval_required ?? false,
    timeoutMs: durationMs(input.timeout, DEFAULT_TIMEOUT_MS),
    retries: readRetries(input.retries),
    idempotent: input.idempotent ?? idempotent,
    register: input.register ?? null,
    line,
  };
  if (input.http) return { ...common, kind: 'http', http: readHttp(input.http) };
  const command = input.command ?? '';
  return {
    ...common,
    kind: 'command',
    command:
      typeof command === 'string'
        ? { posix: command, powershell: command }
        : { posix: command.posix ?? null, powershell: command.powershell ?? null },
    expectedOutput: readExpectedOutput(input.expected_output),
    expectedExitCodes: list(input.expected_exit_code) ?? [0],
  };
}
