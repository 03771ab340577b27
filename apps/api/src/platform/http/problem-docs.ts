import { PROBLEM_PAGE, problemAnchor, problemTypes, problemUri, type ProblemName } from './problem-types.js';

const all = Object.entries(problemTypes).map(([name, type]) => ({ name: name as ProblemName, ...type }));

/** docs/errors.md. */
export function problemDoc(): string {
  const sections = all.map(
    ({ name, status, title, meaning, advice }) =>
      `## ${problemAnchor(name)}\n\n**${status} ${title}.** ${meaning}\n\n${advice}\n`,
  );
  const example = {
    type: problemUri('validation'),
    title: problemTypes.validation.title,
    status: 400,
    detail: 'Some fields are not valid.',
    instance: '/api/v1/targets',
    errors: [{ field: 'port', message: 'Too big: expected number to be <=65535' }],
    trace_id: '0af7651916cd43dd8448eb211c80319c',
  };
  return `# Errors

Every error of the API is a problem as RFC 9457 describes it, of the type \`application/problem+json\`. Its \`type\` is one
of those below and does not change; it leads to the same words on the engine, at \`${PROBLEM_PAGE}\`. \`detail\` is for
people and may change. The \`trace_id\` stands in the log, in the header \`X-Trace-ID\` and in traces.

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`

${sections.join('\n')}`;
}

const html = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]*)`/g, '<code>$1</code>');

/** The page to which the \`type\` of a problem leads. */
export function problemPage(): string {
  const sections = all.map(
    ({ name, status, title, meaning, advice }) =>
      `<section id="${problemAnchor(name)}"><h2>${status} ${html(title)}</h2><p>${html(meaning)}</p><p>${html(advice)}</p></section>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Errors of the AIOps API</title><link rel="icon" href="/favicon.svg"><meta name="color-scheme" content="light dark">
<style>body{font:16px/1.5 system-ui;max-width:42rem;margin:2rem auto;padding:0 1rem}:target{border-left:.25rem solid;padding-left:1rem}</style>
<h1>Errors of the API</h1>${sections.join('\n')}</html>`;
}
