/** A command of a page of documentation, and the answer that the page shows for it. */
export interface DocExample {
  /** Line of the page on which the command begins, from 1. */
  line: number;
  command: string;
  answer: unknown;
  shows: boolean;
}

/** The `bash` blocks of a page in Markdown, each with the `json` block that follows it before the next one. */
export function docExamples(page: string): DocExample[] {
  const examples: DocExample[] = [];
  for (const match of page.matchAll(/^```(bash|json)\n(.*?)^```$/gms)) {
    const [, language, text = ''] = match;
    const last = examples.at(-1);
    if (language === 'json' && last !== undefined) {
      if (last.shows) throw new Error(`Two answers for the command in line ${last.line}`);
      Object.assign(last, { answer: JSON.parse(text) as unknown, shows: true });
    } else if (language === 'bash') {
      const line = page.slice(0, match.index).split('\n').length + 1;
      examples.push({ line, command: text, answer: undefined, shows: false });
    }
  }
  return examples;
}

/** All commands as one script: each leaves what it prints in the file `out.<index>` of the present folder. */
export function scriptOf(examples: readonly DocExample[]): string {
  const blocks = examples.map(
    ({ line, command }, index) => `echo "line ${line}" >&2\n{\n${command}} > out.${index}\n`,
  );
  return `set -euo pipefail\n${blocks.join('')}`;
}

/**
 * Where an answer is not what was shown, as paths with both values. Fields that were not shown are not looked at; `…`
 * stands for any text, alone or within one, and as the last entry of a list for more of them.
 */
export function differences(shown: unknown, found: unknown, path = '$'): string[] {
  const differs = [`${path}: ${JSON.stringify(shown)} is shown, ${JSON.stringify(found)} is answered`];
  if (typeof shown === 'string')
    return typeof found === 'string' && patternOf(shown).test(found) ? [] : differs;
  if (Array.isArray(shown)) return Array.isArray(found) ? listDifferences(shown, found, path) : differs;
  if (typeof shown !== 'object' || shown === null) return shown === found ? [] : differs;
  if (typeof found !== 'object' || found === null) return differs;
  return Object.entries(shown).flatMap(([key, value]) =>
    differences(value, (found as Record<string, unknown>)[key], `${path}.${key}`),
  );
}

function listDifferences(shown: readonly unknown[], found: readonly unknown[], path: string): string[] {
  const isOpen = shown.length > 1 && shown.at(-1) === '…';
  const wanted = isOpen ? shown.slice(0, -1) : shown;
  const more = !isOpen && found.length !== shown.length;
  return [
    ...(more ? [`${path}: ${shown.length} entries are shown, ${found.length} are answered`] : []),
    ...wanted.flatMap((value, index) => differences(value, found[index], `${path}[${index}]`)),
  ];
}

const patternOf = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replaceAll('…', '.*')}$`, 's');
