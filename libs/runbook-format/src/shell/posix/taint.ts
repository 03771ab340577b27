import { assignedName, bareText, staticText, type Script, type SimpleCommand, type Word } from './syntax.js';

const DECLARATIONS = new Set(['export', 'readonly', 'local', 'declare', 'typeset']);

const READERS = new Set(['read', 'mapfile', 'readarray']);

/**
 * The variables that may hold a template's value. A value that went into a variable is as hostile as before,
 * so these are watched like the templates themselves. Over-approximates: order and branches are not looked at.
 */
export function taintedVariables(script: Script): Set<string> {
  const tainted = new Set<string>();
  const carries = (word: Word): boolean =>
    word.parts.some(
      (part) =>
        part.type === 'hole' || (part.type === 'expansion' && part.names.some((name) => tainted.has(name))),
    );
  for (let size = -1; size !== tainted.size;) {
    size = tainted.size;
    for (const command of script.commands)
      for (const name of assignedBy(command, script, carries)) tainted.add(name);
    for (const loop of script.loops) if (loop.words.some(carries)) tainted.add(loop.variable);
  }
  return tainted;
}

function assignedBy(command: SimpleCommand, script: Script, carries: (word: Word) => boolean): string[] {
  const [head, ...args] = command.words;
  const name = head ? staticText(head) : null;
  const assignments =
    name !== null && DECLARATIONS.has(name) ? [...command.assignments, ...args] : command.assignments;
  const names = assignments.filter(carries).map((word) => assignedName(word) ?? '');
  if (name === 'set' && args.some(carries)) names.push('@', '*', '1', '2', '3', '4', '5', '6', '7', '8', '9');
  if (name !== null && READERS.has(name) && fedByValue(command, script, carries))
    names.push(...args.map((word) => bareText(word) ?? ''), 'REPLY');
  return names.filter((assigned) => assigned !== '');
}

function fedByValue(reader: SimpleCommand, script: Script, carries: (word: Word) => boolean): boolean {
  // What a loop is fed by stands behind its end, so any input that carries a value counts.
  const redirected = script.commands.some((command) =>
    command.redirections.some(({ operator, target }) => operator.startsWith('<') && carries(target)),
  );
  return (
    redirected ||
    script.commands.some(
      (writer) =>
        reader.place.some((to) =>
          writer.place.some((from) => from.pipeline === to.pipeline && from.stage < to.stage),
        ) && [...writer.words, ...writer.assignments].some(carries),
    )
  );
}
