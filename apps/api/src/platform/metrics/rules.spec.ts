import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { Metrics } from './metrics.service.js';

const PROMTOOL = '/usr/bin/promtool';
const folder = fileURLToPath(new URL('../../../../../docs/prometheus/', import.meta.url));
const files = ['aiops-slo.rules.yml', 'aiops-alerts.rules.yml'];
const promtool = (...args: string[]) => promisify(execFile)(PROMTOOL, args, { cwd: folder });

describe('the rules for Prometheus (R3.6, R3.7)', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ AIOPS_ROLE: 'api' });
  });
  afterAll(() => engine.stop());

  it('name only metrics, and bounds of them, that the engine has', async () => {
    const text = files.map((file) => readFileSync(folder + file, 'utf8')).join('');
    const named = text.match(/\b(?:aiops|nodejs|process)_\w+/g) ?? [];
    const known = new Set(
      engine.app
        .get(Metrics)
        .list()
        .flatMap(({ name }) => [name, `${name}_count`, `${name}_bucket`, `${name}_sum`]),
    );
    expect(named.length).toBeGreaterThan(30);
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
    await engine.api('GET', '/rules');
    expect(await (await fetch(`${engine.url}/metrics`)).text()).toContain(
      'aiops_http_request_duration_seconds_bucket{le="0.5"',
    );
  });

  it.skipIf(!existsSync(PROMTOOL))(
    'are valid, and tell what they should (skipped without promtool)',
    async () => {
      expect((await promtool('check', 'rules', ...files)).stdout).toContain('SUCCESS');
      expect((await promtool('test', 'rules', 'aiops.rules.test.yml')).stdout).toContain('SUCCESS');
    },
    120_000,
  );
});
