// What the project's Markdown points at: other pages and their headings, and the code and tests that the threat model names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** Addresses of GitHub beside the files: `../../security/…` from a file at the top leads to the repository's own pages. */
const besideFiles = /^\.\.\/\.\.\/security\//;
const isTest = (file) => /\.(spec|e2e|acceptance)\.(ts|tsx|mjs)$/.test(file);
const withoutCode = (text) => text.replaceAll(/^( *)```[^]*?^\1```/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** Every page, relative to the root. */
export function pages(root) {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return [...readdirSync(root).filter((name) => name.endsWith('.md')), ...below].toSorted();
}

/** The names of headings as GitHub makes them: lower case, no punctuation, a dash for each space, numbered when repeated. */
export function anchors(text) {
  const seen = new Map();
  const headings = text.replaceAll(/^( *)```[^]*?^\1```/gm, '').matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, title]) => {
    const name = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}-${times}`;
  });
}

/** Links of a page that lead nowhere. */
export function deadLinks(root, page) {
  const text = readFileSync(join(root, page), 'utf8');
  const links = [...withoutCode(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, link]) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link) && !besideFiles.test(link))
    .filter((link) => {
      const [path, anchor] = link.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      if (relative(root, join(root, file)).startsWith('..') || !existsSync(join(root, file))) return true;
      if (anchor === undefined || !file.endsWith('.md')) return false;
      return !anchors(readFileSync(join(root, file), 'utf8')).includes(anchor);
    })
    .map((link) => `${page}: ${link} leads nowhere`);
}

/** A path as a page may write it: from the top, or from the API's source. */
function find(root, path) {
  return [path, join('apps/api/src', path)].map((one) => join(root, one)).find((one) => existsSync(one));
}

const named = /`([\w./-]+\.(?:tsx?|mjs|json|ya?ml|npmrc))`((?:,? “[^”]+”)*)/g;
/** Files that a text names, each with the titles of tests that follow it in quotes. */
export function citations(text) {
  return [...text.matchAll(named)].map(([, path, titles]) => ({
    path,
    titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title]) => title),
  }));
}

/** Whether a file has a test of this title, as it stands there (`%s` and all). */
function hasTest(source, title) {
  const quoted = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\(\\s*(['"\`])${quoted}\\1`).test(source);
}

/** What a page names and there is not. A test file is named with its tests. */
export function staleCitations(root, page) {
  return citations(readFileSync(join(root, page), 'utf8')).flatMap(({ path, titles }) => {
    const file = find(root, path);
    if (file === undefined) return [`${page}: there is no ${path}`];
    if (isTest(path) && titles.length === 0) return [`${page}: of ${path} no test is named`];
    const source = readFileSync(file, 'utf8');
    return titles
      .filter((title) => !hasTest(source, title))
      .map((title) => `${page}: ${path} has no “${title}”`);
  });
}

/** Rows of the tables of threats that name no code, or no test. */
export function unprovenThreats(root, page) {
  const rows = readFileSync(join(root, page), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (threat |-)/.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '').trim()))
    .filter((cells) => cells.length === 4);
  return rows
    .filter(([, , code, tests]) => {
      const shown = citations(tests).filter(({ path, titles }) => isTest(path) && titles.length > 0);
      return citations(code).length === 0 || shown.length === 0;
    })
    .map(([threat]) => `${page}: “${threat}” names no code or no test`);
}
