import type { Hole } from '../../template/template.js';

export type Quote = 'bare' | 'double' | 'single';

export interface Expansion {
  type: 'expansion';
  /** Variables it reads. */
  names: string[];
  /** Anything but a plain `$name` or `${name}`: what happens to the value is not known. */
  complex: boolean;
  /** Ends where the shell decides, so that text right after it would become part of the name. */
  open: boolean;
  quote: Quote;
  offset: number;
}

export type Part =
  | { type: 'text'; text: string; quote: Quote; offset: number }
  | { type: 'hole'; hole: Hole; quote: Quote; offset: number }
  | Expansion;

export interface Word {
  parts: Part[];
  offset: number;
}

export interface Redirection {
  operator: string;
  target: Word;
}

/** Where a command stands in the pipelines around it, outermost first. */
export type Place = readonly { pipeline: number; stage: number }[];

export interface SimpleCommand {
  assignments: Word[];
  words: Word[];
  redirections: Redirection[];
  place: Place;
}

export interface Loop {
  variable: string;
  words: Word[];
}

export interface Script {
  commands: SimpleCommand[];
  loops: Loop[];
  /** Variables read where the shell evaluates their content again or may: `[[ ]]`, here-documents. */
  fragile: { names: string[]; offset: number; where: string }[];
}

/** The word as the shell sees it after quote removal, or null when anything in it is only known at run time. */
export function staticText(word: Word): string | null {
  let text = '';
  for (const part of word.parts) {
    if (part.type !== 'text') return null;
    text += part.text;
  }
  return text;
}

/** The literal text before the first part that is not literal. */
export function leadingText(word: Word): string {
  let text = '';
  for (const part of word.parts) {
    if (part.type !== 'text') break;
    text += part.text;
  }
  return text;
}

/** Whether the shell may make several words of it, or none: `$x`, `"$@"`; what comes after it then stands elsewhere. */
export function mayBeAnyNumber(word: Word): boolean {
  return word.parts.some(
    (part) =>
      part.type === 'expansion' && (part.quote === 'bare' || part.complex || part.names.includes('@')),
  );
}

/** The text when the word is a single unquoted literal, as keywords must be. */
export function bareText(word: Word): string | null {
  const [only] = word.parts;
  return word.parts.length === 1 && only?.type === 'text' && only.quote === 'bare' ? only.text : null;
}

/** The name of `NAME=…`, which must be literal and unquoted. */
export function assignedName(word: Word): string | null {
  const [first] = word.parts;
  if (first?.type !== 'text' || first.quote !== 'bare') return null;
  return /^([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?\+?=/.exec(first.text)?.[1] ?? null;
}

export function holesIn(word: Word): Hole[] {
  return word.parts.flatMap((part) => (part.type === 'hole' ? [part.hole] : []));
}
