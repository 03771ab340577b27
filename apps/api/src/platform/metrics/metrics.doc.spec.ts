import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { withTable } from './metrics.doc.js';
import { Metrics } from './metrics.service.js';

const file = fileURLToPath(new URL('../../../../../docs/observability.md', import.meta.url));

describe('docs/observability.md', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ AIOPS_ROLE: 'api' });
  });
  afterAll(() => engine.stop());

  it('lists every metric of a running engine; after a change run this test with -u', async () => {
    const metrics = engine.app.get(Metrics).list();
    const options = { ...(await resolveConfig(file)), filepath: file };
    await expect(await format(withTable(readFileSync(file, 'utf8'), metrics), options)).toMatchFileSnapshot(
      file,
    );
  });
});
