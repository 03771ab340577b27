import { z } from 'zod';
import type { ParsedRunbook } from '../model/api.js';
import type { ParameterDefinition, Runbook, Safety, TargetSelector, Trigger } from '../model/runbook.js';
import type { Problem } from '../model/problem.js';
import { shapeProblems } from '../schema/issues.js';
import {
  runbookSchema,
  targetsSchema,
  triggerSchema,
  type RunbookInput,
  type TargetsInput,
  type TriggerInput,
} from '../schema/runbook.schema.js';
import { readYaml, type Path } from '../yaml/document.js';
import { checkNoTemplate } from './check-step.js';
import { ParseContext } from './context.js';
import { checkParameters, checkSteps, isResolution, validItems, type Raw } from './sections.js';
import { durationMs, readStep } from './step.js';

const MINUTE_MS = 60_000;

/**
 * Parses and validates a runbook. Every problem is reported at once, at the key or value it is about; the runbook is
 * null exactly when there are errors. Never throws, whatever the text.
 */
export function parseRunbook(yaml: string): ParsedRunbook {
  const { document, errors } = readYaml(yaml);
  if (!document) return { runbook: null, errors: sorted(errors), warnings: [] };
  const context = new ParseContext(document);
  for (const problem of shapeProblems(runbookSchema, document.data))
    context.error(problem.path, problem.message, { key: problem.key });
  const raw: Raw = isRaw(document.data) ? document.data : {};
  const { definitions, facts } = checkParameters(raw, context);
  checkSteps(raw, facts, context);
  checkTriggers(raw, context);
  checkTargets(raw, context);
  checkVerify(raw, context);
  const all = sorted([...errors, ...context.errors]);
  const parsed = runbookSchema.safeParse(document.data);
  const runbook =
    all.length === 0 && parsed.success
      ? normalise(parsed.data, definitions, (path) => document.line(path))
      : null;
  return { runbook, errors: all, warnings: sorted(context.warnings) };
}

function isRaw(data: unknown): data is Raw {
  return typeof data === 'object' && data !== null;
}

function sorted(problems: Problem[]): Problem[] {
  const unique = new Map(
    problems.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem]),
  );
  return [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

function checkTriggers(raw: Raw, context: ParseContext): void {
  if (raw['trigger'] !== undefined && raw['triggers'] !== undefined) {
    context.error(['triggers'], 'use trigger for one or triggers for several, not both', { key: true });
  }
  const single = triggerSchema.safeParse(raw['trigger']);
  const all: { item: TriggerInput; path: Path }[] = validItems(raw['triggers'], triggerSchema).map(
    ({ item, index }) => ({
      item,
      path: ['triggers', index],
    }),
  );
  if (single.success) all.push({ item: single.data, path: ['trigger'] });
  for (const { item, path } of all) {
    if (item.alert_name === undefined && item.labels === undefined)
      context.error(path, 'needs alert_name or labels; to match every alert write alert_name: "*"');
    checkNoTemplate(item.alert_name, [...path, 'alert_name'], context);
    checkNoTemplate(item.labels, [...path, 'labels'], context);
  }
  const safety = isRaw(raw['safety']) ? raw['safety'] : {};
  if (all.length > 0 && safety['cooldown'] === undefined) {
    context.warn(
      all[0]?.path ?? [],
      'alerts start this runbook and safety.cooldown is not set: it may run again and again',
      { key: true },
    );
  }
}

function checkTargets(raw: Raw, context: ParseContext): void {
  const targets = targetsSchema.safeParse(raw['targets']);
  if (!targets.success) return;
  const { names, labels, from_label } = targets.data;
  const ways = [names, labels, from_label].filter((way) => way !== undefined).length;
  if (ways !== 1)
    context.error(['targets'], 'needs exactly one of names, labels and from_label', { key: true });
  if (labels && Object.keys(labels).length === 0)
    context.error(['targets', 'labels'], 'needs at least one label');
  checkNoTemplate(names, ['targets', 'names'], context);
  checkNoTemplate(labels, ['targets', 'labels'], context);
  checkNoTemplate(from_label, ['targets', 'from_label'], context);
}

function checkVerify(raw: Raw, context: ParseContext): void {
  const items = Array.isArray(raw['verify']) ? raw['verify'] : [];
  const resolutions = items.flatMap((item: unknown, index) =>
    isRaw(item) && 'alert_resolved_within' in item ? [index] : [],
  );
  for (const index of resolutions.slice(1))
    context.error(['verify', index], 'alert_resolved_within stands here twice');
}

function normalise(
  input: z.output<typeof runbookSchema>,
  parameters: ParameterDefinition[],
  line: (path: Path) => number,
): Runbook {
  const idempotent = input.safety?.idempotent ?? false;
  const section = (name: 'steps' | 'rollback'): Runbook['steps'] =>
    (input[name] ?? []).map((step, index) => readStep(step, idempotent, line([name, index])));
  const verifySteps = (input.verify ?? []).flatMap((item, index) =>
    isResolution(item) ? [] : [readStep(item, idempotent, line(['verify', index]))],
  );
  const resolution = (input.verify ?? []).find(isResolution);
  return {
    name: input.name,
    description: input.description ?? '',
    category: input.category ?? null,
    tags: input.tags ?? [],
    triggers: (input.triggers ?? (input.trigger ? [input.trigger] : [])).map(readTrigger),
    parameters,
    targets: input.targets ? readTargets(input.targets) : null,
    safety: readSafety(input.safety),
    steps: section('steps'),
    rollback: section('rollback'),
    verify: {
      steps: verifySteps,
      alertResolvedWithinMs: resolution ? durationMs(resolution.alert_resolved_within, 0) : null,
    },
  };
}

function readTrigger(input: TriggerInput): Trigger {
  return {
    alertName: input.alert_name ?? '*',
    labels: input.labels ?? {},
    minDurationMs: durationMs(input.min_duration, 0),
    minOccurrences: input.min_occurrences ?? 1,
  };
}

function readTargets(input: TargetsInput): TargetSelector {
  const strategy = { batch: input.strategy?.batch ?? 1, maxFailures: input.strategy?.max_failures ?? 0 };
  if (input.names) return { by: 'names', names: input.names, strategy };
  if (input.labels) return { by: 'labels', labels: input.labels, strategy };
  return { by: 'from_label', label: input.from_label ?? '', strategy };
}

function readSafety(input: RunbookInput['safety']): Safety {
  return {
    approval: input?.approval ?? 'by_rule',
    approvalExpiresMs: durationMs(input?.approval_expires, 30 * MINUTE_MS),
    cooldownMs: durationMs(input?.cooldown, 0),
    maxPerHour: input?.max_per_hour ?? null,
    idempotent: input?.idempotent ?? false,
  };
}
