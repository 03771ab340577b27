import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { PLACEHOLDER } from './example.js';
import type { Operation } from './finish-document.js';

const docs = (name: string): string => fileURLToPath(new URL(`../../../../../docs/${name}`, import.meta.url));

let engine: TestEngine;
let text: string;
let document: OpenAPIObject;
beforeAll(async () => {
  engine = await startTestEngine();
  const answer = await fetch(`${engine.url}/api/v1/openapi.json`);
  document = (await answer.json()) as OpenAPIObject;
  text = `${JSON.stringify(document, null, 2)}\n`;
});
afterAll(() => engine.stop());

function operations(): [name: string, operation: Operation & { summary?: string; description?: string }][] {
  return Object.entries(document.paths as unknown as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method} ${path}`,
        operation,
      ]),
  );
}

/** Every text inside a value, with the way to it. */
function textsOf(value: unknown, way = ''): [way: string, text: string][] {
  if (typeof value === 'string') return [[way, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${way}.${key}`));
}

describe('the API’s document', () => {
  it('is OpenAPI 3.1 that a linter finds nothing wrong with, examples included', async () => {
    expect(document.openapi).toBe('3.1.0');
    const folder = mkdtempSync(join(tmpdir(), 'aiops-openapi-'));
    const file = join(folder, 'openapi.json');
    writeFileSync(file, text);
    // Routes that send a browser on succeed with 302; what each route answers is looked at below.
    const rules = 'extends: [recommended]\nrules:\n  operation-2xx-response: off\n';
    writeFileSync(join(folder, 'redocly.yaml'), rules);
    const redocly = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const run = promisify(execFile)(process.execPath, [redocly, 'lint', file, '--format=json'], {
      env,
      cwd: folder,
    });
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    rmSync(folder, { recursive: true });
    const { problems } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { problems: { message: string }[] };
    expect(problems.map(({ message }) => message)).toEqual([]);
  }, 60_000);

  it('says of every route what it does, who may call it, what it answers, and which problems there are', () => {
    expect(operations().length).toBeGreaterThan(90);
    for (const [name, { summary, description, responses, security }] of operations()) {
      expect([name, summary]).toEqual([name, expect.stringMatching(/^[A-Z]/)]);
      expect([name, description]).toEqual([name, expect.stringMatching(/Role: |API key|Open to anybody/)]);
      expect([name, security]).toEqual([name, expect.any(Array)]);
      const done = Object.entries(responses).filter(([status]) => /^(2..|302)$/.test(status));
      expect([name, done.length]).toEqual([name, 1]);
      for (const [status, { content }] of done) {
        const hasBody = !['204', '302'].includes(status) && !name.includes('/prometheus/');
        expect([name, content !== undefined]).toEqual([name, hasBody]);
      }
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['429', '500', '503']));
    }
  });

  it('says that every answer of the API tells how much its caller may do (R2.5)', () => {
    const { responses: problems = {} } = document.components ?? {};
    for (const [name, { responses }] of operations().filter(([route]) => route.includes('/api/v1/'))) {
      for (const answer of Object.values(responses)) {
        const shared = problems[answer.$ref?.split('/').at(-1) ?? ''];
        const headers = shared !== undefined && 'headers' in shared ? shared.headers : answer.headers;
        expect([name, Object.keys(headers ?? {})]).toEqual([
          name,
          expect.arrayContaining(['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']),
        ]);
      }
    }
  });

  it('gives an example of every body, and no field of it is left to chance', () => {
    for (const [name, { requestBody, responses }] of operations()) {
      for (const media of [requestBody, ...Object.values(responses)].flatMap((body) =>
        Object.values(body?.content ?? {}),
      )) {
        const example = media.example ?? media.schema?.example;
        expect([name, example]).not.toEqual([name, undefined]);
        const unsaid = textsOf(example).filter(([, text]) => text.startsWith(PLACEHOLDER));
        expect([name, unsaid], 'Say what an example is: example-values.ts, example-components.ts').toEqual([
          name,
          [],
        ]);
      }
    }
  });

  it('describes every parameter and every group of routes', () => {
    for (const [name, { parameters = [], tags = [] }] of operations()) {
      const unsaid = parameters.filter(({ description = '' }) => description === '');
      expect([name, unsaid.map((parameter) => parameter.name)]).toEqual([name, []]);
      const groups = document.tags?.map((tag) => tag.name);
      expect([name, tags, groups]).toEqual([name, [expect.toBeOneOf(groups ?? [])], groups]);
    }
  });

  it('is published as docs/openapi.json; after a change run `npx vitest run --project api src/platform/openapi -u`', async () => {
    await expect(text).toMatchFileSnapshot(docs('openapi.json'));
  });

  it('changes only with an entry in docs/API_CHANGELOG.md: the newest one names what is published now', () => {
    const published = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const [newest = ''] = readFileSync(docs('API_CHANGELOG.md'), 'utf8').split(/^## /m).slice(1);
    expect(newest, `Add an entry on top that ends with: Document: \`${published}\``).toContain(
      `\`${published}\``,
    );
    expect(newest).toContain(document.info.version);
  });
});
