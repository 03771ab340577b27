/** Why no value can stand at a place, and what to write instead; each follows "a template cannot stand". */
export const INSIDE = {
  substitution:
    'inside $( ): run the command first in a step of its own with "register", or give it the value as $1: sh -c \'…"$1"…\' _ {{ … }}',
  backquotes: 'inside backquotes: run that command in a step of its own with "register"',
  arithmetic:
    'inside $(( )), where a shell may run what a value holds: compute it in a step of its own, or use "when"',
  parameter: 'inside ${ }: give the value to a variable first, v={{ … }}, and use "$v"',
  ansi: "inside $'…': use plain '…' or \"…\"",
  locale: 'inside $"…": use plain "…"',
  heredoc: "inside a here-document: use printf '%s\\n' {{ … }} | …",
  comment: 'in a comment: a line break in the value would end it; take it out',
  process: 'inside a process substitution: use a temporary file or a pipe',
  test: 'inside [[ ]], which evaluates some operands: use [ … ] or "when"',
  pattern: 'in a pattern of case: compare with [ "…" = {{ … }} ] or "when"',
};
