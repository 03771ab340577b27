import type { ParseArgsOptionsConfig } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';

/** Codes that commands and what runs them end with, those of sysexits.h where there is one. */
export const exitCodes = { ok: 0, failed: 1, usage: 64 } as const;

export interface CommandContext {
  /** Services of `CommandLineModule` and of what else commands need, on the engine's database. */
  app: INestApplicationContext;
  /** A line of the answer, to the standard output. */
  print: (line: string) => void;
  /** A line about the work, to the standard error. */
  note: (line: string) => void;
}

/** Values of options as `parseArgs` gives them. */
export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** One command of `npm run aiops`. */
export interface Command {
  /** The words that call it: `audit verify`. */
  name: string;
  /** What it does, in one line. */
  summary: string;
  options: ParseArgsOptionsConfig;
  /** What `--help` says of the options and the exit codes. */
  details: string;
  /**
   * Looks at the options before anything is opened.
   * @returns what to do, or the problem with the options in words for whoever typed them
   */
  prepare(values: OptionValues): ((context: CommandContext) => Promise<number>) | { problem: string };
}
