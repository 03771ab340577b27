import type { OutlineItem } from '../model/api.js';
import type { Runbook, Step } from '../model/runbook.js';
import { secretNames } from '../template/template.js';

/** The steps of a runbook in the order of its sections, for an outline beside the editor. */
export function outlineRunbook(runbook: Runbook): OutlineItem[] {
  const section = (name: OutlineItem['section'], steps: Step[]): OutlineItem[] =>
    steps.map((step, index) => ({
      section: name,
      index,
      name: step.name,
      kind: step.kind,
      approval: step.approvalRequired,
      line: step.line,
    }));
  return [
    ...section('steps', runbook.steps),
    ...section('rollback', runbook.rollback),
    ...section('verify', runbook.verify.steps),
  ];
}

/** Names of all secrets the steps use, so that they can be fetched before anything is rendered. */
export function runbookSecretNames(runbook: Runbook): string[] {
  const steps = [...runbook.steps, ...runbook.rollback, ...runbook.verify.steps];
  return [...new Set(steps.flatMap(templatesOf).flatMap(secretNames))].sort();
}

function templatesOf(step: Step): string[] {
  if (step.kind === 'command')
    return [step.command.posix, step.command.powershell].filter((text) => text !== null);
  const { url, headers, body } = step.http;
  const bodies = body?.kind === 'text' ? [body.text] : body ? stringsIn(body.json) : [];
  return [url, ...Object.values(headers), ...bodies];
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
