/** A statement as a span tells it. */
export interface QueryWords {
  /** Its text without literals. */
  shown: string;
  /** `SELECT`, `INSERT`… */
  operation: string;
  /** Operation and table, one of few. */
  summary: string;
}

const MOST_KNOWN = 500;
const LONGEST = 1000;
const known = new Map<string, QueryWords>();

/** Strings in all notations of PostgreSQL, and numbers that are no parameter and no part of a name. */
const literals = /[eEbBxX]?'(?:[^']|'')*'|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|(?<![\w$."])\d+(?:\.\d+)?(?![\w"])/g;
const comments = /--[^\n]*|\/\*[\s\S]*?\*\//g;
const table = /\b(?:FROM|INTO|UPDATE|JOIN)\s+(?:ONLY\s+)?((?:"[^"]+"|[\w]+)(?:\.(?:"[^"]+"|[\w]+))?)/i;

/** What may be told of a statement. Most come again and again, so that they are looked at once. */
export function describeQuery(text: string): QueryWords {
  const before = known.get(text);
  if (before !== undefined) return before;
  const words = look(text);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, words);
  return words;
}

function look(text: string): QueryWords {
  // Literals first: what looks like a comment may stand inside of one.
  const shown = text.replace(literals, '?').replace(comments, ' ').replace(/\s+/g, ' ').trim();
  const operation = (/^\w+/.exec(shown)?.[0] ?? 'QUERY').toUpperCase();
  const main =
    operation === 'WITH'
      ? (/\)\s*(INSERT|UPDATE|DELETE|SELECT)\b(?!.*\)\s*(?:INSERT|UPDATE|DELETE|SELECT)\b)/i
          .exec(shown)?.[1]
          ?.toUpperCase() ?? 'SELECT')
      : operation;
  const name = table.exec(shown)?.[1]?.replaceAll('"', '');
  return {
    shown: shown.slice(0, LONGEST),
    operation: main,
    summary: name === undefined ? main : `${main} ${name}`,
  };
}
