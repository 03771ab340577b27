import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '@aiops/contracts';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { problemDoc } from './problem-docs.js';

const file = fileURLToPath(new URL('../../../../../docs/errors.md', import.meta.url));

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('the explanation of errors', () => {
  it('is published as docs/errors.md; after a change run `npx vitest run --project api src/platform/http -u`', async () => {
    const made = await format(problemDoc(), { ...(await resolveConfig(file)), filepath: file });
    await expect(made).toMatchFileSnapshot(file);
  });

  it('is where the type of a problem leads', async () => {
    const { body } = await engine.api<Problem>('GET', '/alerts/01920000-0000-7000-8000-000000000000');
    const [path = '', anchor = ''] = new URL(body.type, engine.url).href.split('#');
    const page = await fetch(path);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain(`id="${anchor}"`);
  });
});
