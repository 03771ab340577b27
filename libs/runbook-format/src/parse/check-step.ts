import type { JsonValue, Shell } from '../model/runbook.js';
import type { StepInput } from '../schema/step.schema.js';
import { patternProblem } from '../rules/pattern.js';
import { commandProblems } from '../shell/command.js';
import { parseCondition } from '../template/parser.js';
import { holesOf, parseTemplate, referencesOf, type Segment } from '../template/template.js';
import { urlProblem } from '../template/url.js';
import type { Path } from '../yaml/document.js';
import type { ParseContext } from './context.js';
import { checkReferences, type KnownNames } from './names.js';

/** Everything the schema cannot know about one step; of a damaged one some keys have been reported and left out. */
export function checkStep(
  step: StepInput,
  damaged: boolean,
  path: Path,
  known: KnownNames,
  context: ParseContext,
): void {
  const kinds = Number(step.command !== undefined) + Number(step.http !== undefined);
  if (kinds === 0 && !damaged) context.error(path, 'a step needs a command or http');
  if (kinds === 2) context.error([...path, 'http'], 'a step has a command or http, not both', { key: true });
  if (step.when !== undefined) checkWhen(step.when, [...path, 'when'], known, context);
  if (step.command !== undefined) checkCommand(step.command, [...path, 'command'], known, context);
  if (step.http) checkHttp(step.http, [...path, 'http'], known, context);
  if (step.http && step.command === undefined) {
    for (const key of ['expected_output', 'expected_exit_code'] as const) {
      if (step[key] !== undefined)
        context.error([...path, key], `an http step has no ${key}; use http.expect`, { key: true });
    }
  }
  checkExpected(step.expected_output, [...path, 'expected_output'], context);
}

function checkWhen(expression: string, path: Path, known: KnownNames, context: ParseContext): void {
  if (expression.includes('{{')) {
    context.error(path, 'a condition has no braces: write parameters.grace > 0', {
      index: expression.indexOf('{{'),
    });
    return;
  }
  const parsed = context.attempt(path, () => parseCondition(expression));
  if (parsed) checkReferences(referencesOf(parsed), { ...known, secrets: false }, path, context);
}

/** Parses a template and checks its names; null when it cannot be parsed. */
function checkTemplate(
  template: string,
  path: Path,
  known: KnownNames,
  context: ParseContext,
): Segment[] | null {
  const segments = context.attempt(path, () => parseTemplate(template));
  for (const hole of holesOf(segments ?? []))
    checkReferences(referencesOf(hole.expression), known, path, context);
  return segments;
}

function checkCommand(
  command: NonNullable<StepInput['command']>,
  path: Path,
  known: KnownNames,
  context: ParseContext,
): void {
  // Text for both shells is judged as POSIX here; for PowerShell it is judged when it is rendered for such a target.
  if (typeof command === 'string') return checkCommandText(command, 'posix', path, known, context);
  if (command.posix === undefined && command.powershell === undefined)
    context.error(path, 'needs posix, powershell or both');
  for (const shell of ['posix', 'powershell'] as const) {
    const text = command[shell];
    if (text !== undefined) checkCommandText(text, shell, [...path, shell], known, context);
  }
}

function checkCommandText(
  text: string,
  shell: Shell,
  path: Path,
  known: KnownNames,
  context: ParseContext,
): void {
  // Control characters hide from the reader what runs.
  const control = [...text].findIndex(
    (char) => (char < ' ' && char !== '\n' && char !== '\t') || char === '\u007f',
  );
  if (control >= 0) context.error(path, 'a command has no control characters', { index: control });
  const segments = checkTemplate(text, path, known, context);
  if (!segments) return;
  for (const problem of commandProblems(text, shell))
    context.error(path, problem.message, { index: problem.offset });
  for (const hole of holesOf(segments)) {
    if (!referencesOf(hole.expression).some((reference) => reference.path[0] === 'secrets')) continue;
    context.warn(
      path,
      'a secret on a command line can be seen by every user of the target while the command runs',
      { index: hole.offset },
    );
  }
}

function checkHttp(
  http: NonNullable<StepInput['http']>,
  path: Path,
  known: KnownNames,
  context: ParseContext,
): void {
  const url = checkTemplate(http.url, [...path, 'url'], known, context);
  const fault = url ? urlProblem(url) : null;
  if (fault) context.error([...path, 'url'], fault.message, { index: fault.offset });
  for (const [name, value] of Object.entries(http.headers ?? {})) {
    const at = [...path, 'headers', name];
    checkTemplate(value, at, known, context);
    if (/[\r\n\0]/.test(value)) context.error(at, 'a header is one line');
  }
  if (http.json !== undefined && http.body !== undefined)
    context.error([...path, 'body'], 'use json or body, not both', { key: true });
  const bodyless = http.method === undefined || http.method === 'GET' || http.method === 'HEAD';
  for (const key of ['json', 'body'] as const) {
    if (bodyless && http[key] !== undefined)
      context.error([...path, key], `${http.method ?? 'GET'} sends no body; set method`, { key: true });
  }
  if (http.body !== undefined) checkTemplate(http.body, [...path, 'body'], known, context);
  if (http.json !== undefined) checkJsonTemplates(http.json, [...path, 'json'], known, context);
  checkPattern(http.expect?.matches, [...path, 'expect', 'matches'], context);
  checkNoTemplate(http.expect?.json, [...path, 'expect', 'json'], context);
}

function checkJsonTemplates(value: JsonValue, path: Path, known: KnownNames, context: ParseContext): void {
  if (typeof value === 'string') checkTemplate(value, path, known, context);
  else if (Array.isArray(value))
    value.forEach((item, index) => checkJsonTemplates(item, [...path, index], known, context));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key.includes('{{')) context.error([...path, key], 'a key cannot be a template', { key: true });
      checkJsonTemplates(item, [...path, key], known, context);
    }
  }
}

function checkExpected(expected: StepInput['expected_output'], path: Path, context: ParseContext): void {
  if (typeof expected === 'string') checkNoTemplate(expected, path, context);
  else if (expected && 'matches' in expected) checkPattern(expected.matches, [...path, 'matches'], context);
  else if (expected) checkNoTemplate(expected.json, [...path, 'json'], context);
}

export function checkPattern(pattern: string | undefined, path: Path, context: ParseContext): void {
  const fault = pattern === undefined ? null : patternProblem(pattern);
  if (fault) context.error(path, fault);
}

/** What is compared is fixed text: with a template in it, an alert could decide what counts as success. */
export function checkNoTemplate(value: JsonValue | undefined, path: Path, context: ParseContext): void {
  if (typeof value === 'string' && value.includes('{{')) {
    context.error(path, 'no templates here: it is compared as it stands', { index: value.indexOf('{{') });
  } else if (Array.isArray(value))
    value.forEach((item, index) => checkNoTemplate(item, [...path, index], context));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) checkNoTemplate(item, [...path, key], context);
  }
}
