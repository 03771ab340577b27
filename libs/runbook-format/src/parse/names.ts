import type { Path } from '../yaml/document.js';
import { didYouMean } from '../rules/suggest.js';
import type { Reference } from '../template/template.js';
import { referenceName } from '../template/template.js';
import type { ParseContext } from './context.js';

/** What is known at one point of a runbook. */
export interface KnownNames {
  parameters: ReadonlyMap<string, ParameterFacts>;
  /** Registers of earlier steps. */
  registers: ReadonlyMap<string, RegisterFacts>;
  /** Registers of later steps, for a better message. */
  later: ReadonlySet<string>;
  secrets: boolean;
  /** Only the alert and the target are known yet, as for the `from` of a parameter. */
  early?: boolean;
}

export interface ParameterFacts {
  /** Always has a value once the execution starts. */
  certain: boolean;
}

export interface RegisterFacts {
  kind: 'command' | 'http';
  /** The step may not have run: it has a condition, or this is the rollback. */
  uncertain: boolean;
}

const ROOTS = ['alert', 'labels', 'annotations', 'parameters', 'target', 'steps', 'execution', 'secrets'];
const ALERT = ['id', 'alert_name', 'severity', 'status', 'source', 'fingerprint', 'starts_at', 'occurrences'];
const TARGET = ['name', 'host', 'port', 'username', 'kind', 'shell', 'labels'];
const RESULT = { command: ['stdout', 'stderr', 'exit_code', 'json'], http: ['stdout', 'status', 'json'] };

/** Reports names that nothing defines, and warns of those that may have no value. */
export function checkReferences(
  references: Reference[],
  known: KnownNames,
  path: Path,
  context: ParseContext,
): void {
  for (const reference of references) {
    const fault = nameProblem(reference, known);
    if (fault) context.error(path, fault, { index: reference.offset });
    else if (!reference.optional) warnIfUncertain(reference, known, path, context);
  }
}

function warnIfUncertain(reference: Reference, known: KnownNames, path: Path, context: ParseContext): void {
  const [root, name = ''] = reference.path.map(String);
  const uncertain =
    (root === 'parameters' && known.parameters.get(name)?.certain === false) ||
    (root === 'steps' && known.registers.get(name)?.uncertain === true);
  if (!uncertain) return;
  const why =
    root === 'parameters' ? 'the parameter is not required and has no default' : 'that step may not have run';
  context.warn(path, `${referenceName(reference)} may have no value here: ${why}; add | default: "…"`, {
    index: reference.offset,
  });
}

function nameProblem({ path }: Reference, known: KnownNames): string | null {
  const [root = '', name, member] = path.map(String);
  if (!ROOTS.includes(root)) return `unknown name "${root}"; ${suggestRoot(root, known)}`;
  if (name === undefined) return `"${root}" is a group of names; write ${root}.name`;
  if (known.early && !['alert', 'labels', 'annotations'].includes(root))
    return `"${root}" is not known yet where parameters are filled in`;
  if (root === 'alert') return alertProblem(name);
  if (root === 'target') return oneOf('target', name, TARGET);
  if (root === 'execution') return oneOf('execution', name, ['id']);
  if (root === 'secrets')
    return known.secrets ? null : 'a secret cannot be used here; it would be stored or decide what runs';
  if (root === 'parameters') {
    if (known.parameters.has(name)) return null;
    return `no parameter is named "${name}"; ${didYouMean(name, [...known.parameters.keys()])}`;
  }
  return root === 'steps' ? stepProblem(name, member, known) : null;
}

function suggestRoot(root: string, known: KnownNames): string {
  if (known.parameters.has(root)) return `did you mean "parameters.${root}"?`;
  return didYouMean(root, ROOTS);
}

function alertProblem(name: string): string | null {
  if (name === 'labels' || name === 'annotations') return `write ${name}.name, without "alert."`;
  return oneOf('alert', name, ALERT);
}

function oneOf(root: string, name: string, members: string[]): string | null {
  return members.includes(name) ? null : `${root} has no "${name}"; ${didYouMean(name, members)}`;
}

function stepProblem(name: string, member: string | undefined, known: KnownNames): string | null {
  const register = known.registers.get(name);
  if (!register) {
    if (known.later.has(name)) return `steps.${name} is used before the step that registers it`;
    return `no earlier step has register: ${name}; ${didYouMean(name, [...known.registers.keys()])}`;
  }
  const members = RESULT[register.kind];
  if (member === undefined)
    return `write one of ${members.map((known) => `steps.${name}.${known}`).join(', ')}`;
  return oneOf(`steps.${name}`, member, members);
}
