import {
  renderCommand,
  renderHttp,
  type CommandStep,
  type HttpRequest,
  type HttpStep,
  type RenderOptions,
  type Step,
  type TemplateScope,
} from '@aiops/runbook-format';
import type { PlanTarget } from './plan.types.js';

/** A step rendered: what to do with, and what to show. */
export interface StepText {
  /** For a person and for storage: secrets are `***` or marked. */
  shown: string;
  unknown: string[];
  run: StepAction;
}

/** What is really done, secrets included: never stored, never logged. */
export type StepAction =
  | { kind: 'command'; step: CommandStep; command: string }
  | { kind: 'http'; step: HttpStep; request: HttpRequest };

/** Renders a step for its target. @throws TemplateError */
export function renderStep(
  step: Step,
  target: PlanTarget | null,
  scope: TemplateScope,
  options: RenderOptions = {},
): StepText {
  if (step.kind === 'command') {
    const { text, masked, unknown } = renderCommand(step.command, target?.shell ?? 'posix', scope, options);
    return { shown: masked, unknown, run: { kind: 'command', step, command: text } };
  }
  const { text, masked, unknown } = renderHttp(step.http, scope, options);
  return { shown: requestText(masked), unknown, run: { kind: 'http', step, request: text } };
}

/** A request as HTTP writes it, for people to read. */
function requestText({ method, url, headers, body }: HttpRequest): string {
  const lines = [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return body === null ? lines.join('\n') : [...lines, '', body].join('\n');
}
