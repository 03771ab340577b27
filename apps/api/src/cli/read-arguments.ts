import { parseArgs } from 'node:util';
import type { Command, CommandContext, OptionValues } from './command.js';

export type Reading =
  | { kind: 'help'; text: string }
  | { kind: 'wrong'; text: string }
  | { kind: 'run'; run: (context: CommandContext) => Promise<number> };

/** What was typed after `npm run aiops --`. */
export function readArguments(args: readonly string[], commands: readonly Command[]): Reading {
  const command = commands.find(({ name }) => startsWith(args, name.split(' ')));
  if (command === undefined) {
    const asksForHelp = args.length === 0 || args.includes('--help') || args[0] === 'help';
    if (asksForHelp) return { kind: 'help', text: overview(commands) };
    return { kind: 'wrong', text: `There is no command "${args.join(' ')}".\n\n${overview(commands)}` };
  }
  const rest = args.slice(command.name.split(' ').length);
  if (rest.includes('--help')) return { kind: 'help', text: usageOf(command) };
  const wrong = (problem: string): Reading => ({ kind: 'wrong', text: `${problem}\n\n${usageOf(command)}` });
  const read = valuesOf(command, rest);
  if (read.values === null) return wrong(read.problem);
  const prepared = command.prepare(read.values);
  return typeof prepared === 'function' ? { kind: 'run', run: prepared } : wrong(prepared.problem);
}

const startsWith = (args: readonly string[], words: readonly string[]): boolean =>
  words.every((word, index) => args[index] === word);

function valuesOf(
  { options }: Command,
  args: string[],
): { values: OptionValues } | { values: null; problem: string } {
  try {
    return { values: parseArgs({ args, options, strict: true, allowPositionals: false }).values };
  } catch (error) {
    // `parseArgs` says in words what is wrong: an option that it does not know, a value that is missing.
    if (error instanceof TypeError) return { values: null, problem: error.message };
    throw error;
  }
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `Usage: npm run aiops -- <command> [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

  <command> --help says more of one.

Commands read the same settings as the engine (docs/configuration.md); wrong ones end with 78.
`;
}

const usageOf = ({ name, summary, details }: Command): string =>
  `Usage: npm run aiops -- ${name} [options]\n\n${summary}.\n\n${details}\n`;
