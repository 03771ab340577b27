import type { CommandResult, ExpectationResult, HttpResult } from '../model/api.js';
import type { CommandStep, HttpExpectation, JsonValue } from '../model/runbook.js';
import { matchesAnywhere } from '../rules/pattern.js';

const SHOWN = 200;

function shown(text: string): string {
  return text.length > SHOWN ? `${JSON.stringify(text.slice(0, SHOWN))}…` : JSON.stringify(text);
}

/** Whether a command did what its step expects: its exit code, and its output when the step says one. */
export function checkExpectation(
  step: Pick<CommandStep, 'expectedOutput' | 'expectedExitCodes'>,
  result: CommandResult,
): ExpectationResult {
  const reasons: string[] = [];
  if (result.exitCode === null || !step.expectedExitCodes.includes(result.exitCode)) {
    const got =
      result.exitCode === null ? 'the command ended without an exit code' : `exit code ${result.exitCode}`;
    reasons.push(`${got}, expected ${step.expectedExitCodes.join(' or ')}`);
  }
  const expected = step.expectedOutput;
  const output = result.stdout.trim();
  if (expected?.kind === 'text' && output !== expected.text.trim())
    reasons.push(`printed ${shown(output)}, expected ${shown(expected.text.trim())}`);
  if (expected?.kind === 'matches' && !matchesAnywhere(expected.pattern, output))
    reasons.push(`printed ${shown(output)}, which ${expected.pattern} does not match`);
  if (expected?.kind === 'json') reasons.push(...jsonReasons(expected.json, output, 'the output'));
  return { ok: reasons.length === 0, reasons };
}

/** Whether an HTTP answer is what the step expects; by default any status from 200 to 299. */
export function checkHttpExpectation(expect: HttpExpectation, result: HttpResult): ExpectationResult {
  const reasons: string[] = [];
  const accepted = expect.status?.includes(result.status) ?? (result.status >= 200 && result.status <= 299);
  if (!accepted)
    reasons.push(`status ${result.status}, expected ${expect.status?.join(' or ') ?? '200 to 299'}`);
  if (expect.matches !== null && !matchesAnywhere(expect.matches, result.body))
    reasons.push(`the answer ${shown(result.body)} is not matched by ${expect.matches}`);
  if (expect.json !== null) reasons.push(...jsonReasons(expect.json, result.body, 'the answer'));
  return { ok: reasons.length === 0, reasons };
}

function jsonReasons(expected: JsonValue, text: string, what: string): string[] {
  let actual: JsonValue;
  try {
    actual = JSON.parse(text) as JsonValue;
  } catch {
    return [`${what} is not JSON: ${shown(text)}`];
  }
  return differences(expected, actual, '$');
}

/** Where `actual` lacks something of `expected`: objects may have more members, lists must agree item by item. */
function differences(expected: JsonValue, actual: JsonValue | undefined, path: string): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return [`${path} is ${shown(JSON.stringify(actual) ?? 'missing')}, expected ${expected.length} items`];
    return expected.flatMap((item, index) => differences(item, actual[index], `${path}[${index}]`));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual))
      return [`${path} is no object`];
    return Object.entries(expected).flatMap(([key, item]) =>
      differences(item, Object.hasOwn(actual, key) ? actual[key] : undefined, `${path}.${key}`),
    );
  }
  return actual === expected
    ? []
    : [
        `${path} is ${actual === undefined ? 'missing' : shown(JSON.stringify(actual))}, expected ${JSON.stringify(expected)}`,
      ];
}
