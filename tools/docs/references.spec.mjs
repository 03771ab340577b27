import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anchors, citations, deadLinks, pages, staleCitations, unprovenThreats } from './references.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const model = 'docs/threat-model.md';

describe('the project’s pages', () => {
  it.each(pages(root))('%s has no link that leads nowhere', (page) => {
    expect(deadLinks(root, page)).toEqual([]);
  });

  it('name in the threat model only code and tests that there are, and both for every threat', () => {
    expect(staleCitations(root, model)).toEqual([]);
    expect(unprovenThreats(root, model)).toEqual([]);
    expect(pages(root)).toContain(model);
  });
});

describe('what a page points at', () => {
  let folder;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'references-'));
    const files = {
      'README.md': '[a](docs/a.md#two-words) [b](docs/b.md) [c](docs/a.md#three) `[d](no.md)` [e](#here)',
      'SECURITY.md':
        '[report](../../security/advisories/new) [out](../elsewhere.md) [web](https://example.org/x)',
      'docs/a.md': '# Two words\n```sh\n# three\n```\n[up](../README.md)\n',
      'apps/api/src/auth/it.ts': 'export {};',
      'apps/api/src/auth/it.spec.ts':
        "it('does so', f);\nit.each(all)(\n  'does it with %s (R1)',\n  f);\n// it does not",
      'docs/model.md': [
        '| threat | by | met by | shown by |',
        '| ------ | -- | ------ | -------- |',
        '| one | S | `auth/it.ts` | `auth/it.spec.ts` “does so”, “does it with %s (R1)” |',
        '| two | S | `auth/gone.ts` | `auth/it.spec.ts` “does not” |',
        '| three | S | `auth/it.ts` | `auth/it.spec.ts` |',
        '| four | S | nothing | `apps/api/src/auth/it.spec.ts` “does so” |',
      ].join('\n'),
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is found missing: files, headings, and what lies outside', () => {
    expect(pages(folder)).toEqual(['README.md', 'SECURITY.md', 'docs/a.md', 'docs/model.md']);
    expect(pages(folder).flatMap((page) => deadLinks(folder, page))).toEqual([
      'README.md: docs/b.md leads nowhere',
      'README.md: docs/a.md#three leads nowhere',
      'README.md: #here leads nowhere',
      'SECURITY.md: ../elsewhere.md leads nowhere',
    ]);
  });

  it('has headings as GitHub names them', () => {
    expect(anchors('# A `code`, and more\n## Why?\n## Why?\n')).toEqual(['a-code-and-more', 'why', 'why-1']);
  });

  it('is read with the titles of tests behind their file', () => {
    expect(citations('`a/b.ts`, and `c.spec.ts` “one”, “two”. “three”')).toEqual([
      { path: 'a/b.ts', titles: [] },
      { path: 'c.spec.ts', titles: ['one', 'two'] },
    ]);
  });

  it('is found stale: a file, a test, a threat without either', () => {
    expect(staleCitations(folder, 'docs/model.md')).toEqual([
      'docs/model.md: there is no auth/gone.ts',
      'docs/model.md: auth/it.spec.ts has no “does not”',
      'docs/model.md: of auth/it.spec.ts no test is named',
    ]);
    expect(unprovenThreats(folder, 'docs/model.md')).toEqual([
      'docs/model.md: “three” names no code or no test',
      'docs/model.md: “four” names no code or no test',
    ]);
  });
});
