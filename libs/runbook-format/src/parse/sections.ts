import type { z } from 'zod';
import type { ParameterDefinition } from '../model/runbook.js';
import { parameterSchema } from '../schema/runbook.schema.js';
import { stepSchema, type StepInput, type VerificationInput } from '../schema/step.schema.js';
import type { Path } from '../yaml/document.js';
import { checkStep } from './check-step.js';
import type { ParseContext } from './context.js';
import type { KnownNames, ParameterFacts, RegisterFacts } from './names.js';
import { readParameter } from './parameters.js';

export type Section = 'steps' | 'rollback' | 'verify';
export type Raw = Record<string, unknown>;

/** A value as far as it has the right shape: what is misshapen has been reported, and the rest is still looked at. */
export function salvage<T>(raw: unknown, schema: z.ZodType<T>): { item: T; damaged: boolean } | null {
  const whole = schema.safeParse(raw);
  if (whole.success) return { item: whole.data, damaged: false };
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  const rest = new Map<string, unknown>(Object.entries(raw));
  for (const issue of whole.error.issues) {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
      issue.keys.forEach((key) => rest.delete(key));
    else rest.delete(String(issue.path[0]));
  }
  if (!rest.has('name')) rest.set('name', 'unnamed');
  const again = schema.safeParse(Object.fromEntries(rest));
  return again.success ? { item: again.data, damaged: true } : null;
}

export function validItems<T>(
  raw: unknown,
  schema: z.ZodType<T>,
): { item: T; index: number; damaged: boolean }[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((entry: unknown, index) => {
    const found = salvage(entry, schema);
    return found ? [{ ...found, index }] : [];
  });
}

function field(raw: unknown, key: string): string | null {
  const value: unknown =
    typeof raw === 'object' && raw !== null ? Object.getOwnPropertyDescriptor(raw, key)?.value : undefined;
  return typeof value === 'string' ? value : null;
}

/** Reports every text of a list of places that stands there a second time. */
function reportDuplicates(places: { text: string; path: Path }[], what: string, context: ParseContext): void {
  const seen = new Set<string>();
  for (const { text, path } of places) {
    if (seen.has(text)) context.error(path, `${what} "${text}" is used twice`);
    seen.add(text);
  }
}

function fieldsIn(raw: Raw, sections: string[], key: string): { text: string; path: Path }[] {
  return sections.flatMap((section) => {
    const items = raw[section];
    if (!Array.isArray(items)) return [];
    return items.flatMap((item: unknown, index) => {
      const text = field(item, key);
      return text === null ? [] : [{ text, path: [section, index, key] }];
    });
  });
}

export function checkParameters(
  raw: Raw,
  context: ParseContext,
): { definitions: ParameterDefinition[]; facts: Map<string, ParameterFacts> } {
  // Names of misshapen parameters count too: one fault must not make every use of the name another.
  const facts = new Map<string, ParameterFacts>(
    fieldsIn(raw, ['parameters'], 'name').map(({ text }) => [text, { certain: true }]),
  );
  const definitions = validItems(raw['parameters'], parameterSchema).map(({ item, index, damaged }) => {
    if (!damaged) facts.set(item.name, { certain: (item.required ?? false) || item.default !== undefined });
    return readParameter(item, damaged, ['parameters', index], context);
  });
  reportDuplicates(fieldsIn(raw, ['parameters'], 'name'), 'the parameter name', context);
  return { definitions, facts };
}

export function checkSteps(raw: Raw, parameters: Map<string, ParameterFacts>, context: ParseContext): void {
  const sections: Section[] = ['steps', 'rollback', 'verify'];
  reportDuplicates(fieldsIn(raw, sections, 'name'), 'the step name', context);
  reportDuplicates(fieldsIn(raw, sections, 'register'), 'the register', context);
  const ofSteps = checkSection(raw, 'steps', new Map(), parameters, context);
  checkSection(raw, 'verify', ofSteps, parameters, context);
  // When the rollback runs, any step may have failed before its result was there.
  checkSection(
    raw,
    'rollback',
    new Map([...ofSteps].map(([name, facts]) => [name, { ...facts, uncertain: true }])),
    parameters,
    context,
  );
}

function checkSection(
  raw: Raw,
  section: Section,
  before: Map<string, RegisterFacts>,
  parameters: Map<string, ParameterFacts>,
  context: ParseContext,
): Map<string, RegisterFacts> {
  const registers = new Map(before);
  const items = Array.isArray(raw[section]) ? raw[section] : [];
  const later = new Set(fieldsIn(raw, [section], 'register').map(({ text }) => text));
  items.forEach((item: unknown, index) => {
    const path: Path = [section, index];
    const known: KnownNames = { parameters, registers, later, secrets: true };
    const step = isResolutionLike(item) ? null : salvage(item, stepSchema);
    if (step) {
      checkStep(step.item, step.damaged, path, known, context);
      checkPlace(step.item, section, raw, path, context);
    }
    const register = field(item, 'register');
    if (register === null) return;
    const uncertain = field(item, 'when') !== null || field(item, 'on_failure') === 'continue';
    registers.set(register, {
      kind: typeof item === 'object' && item !== null && 'http' in item ? 'http' : 'command',
      uncertain,
    });
  });
  return registers;
}

export function isResolution(
  item: VerificationInput,
): item is Extract<VerificationInput, { alert_resolved_within: string }> {
  return 'alert_resolved_within' in item;
}

function isResolutionLike(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'alert_resolved_within' in item;
}

/** Keys that make sense in some sections only. */
function checkPlace(step: StepInput, section: Section, raw: Raw, path: Path, context: ParseContext): void {
  if (section !== 'steps') {
    if (step.approval_required)
      context.error([...path, 'approval_required'], `a step of ${section} cannot wait for approval`, {
        key: true,
      });
    if (step.on_failure === 'rollback') {
      const why =
        section === 'rollback'
          ? 'the rollback cannot roll back'
          : 'a failed verification rolls back by itself';
      context.error([...path, 'on_failure'], why);
    }
    return;
  }
  const empty = !Array.isArray(raw['rollback']) || raw['rollback'].length === 0;
  if (step.on_failure === 'rollback' && empty)
    context.error([...path, 'on_failure'], 'there is no rollback: the runbook has no steps under "rollback"');
  const safety: unknown = raw['safety'];
  if (step.approval_required && field(safety, 'approval') === 'never') {
    context.error(
      [...path, 'approval_required'],
      'safety.approval is "never", so no step can require approval',
    );
  }
}
