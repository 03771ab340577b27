import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sshdAvailable, startSshd, type Sshd } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, docExamples, scriptOf } from './testing/doc-examples.js';
import { adminPassword, startTestEngine, type TestEngine } from './testing/test-engine.js';

const run = promisify(execFile);
const page = readFileSync(new URL('../../../docs/api-examples.md', import.meta.url), 'utf8');
const examples = docExamples(page);

/** What the page tells its reader to set, and what reads it. */
const environment = (engine: TestEngine, sshd: Sshd, keyFile: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  AIOPS: engine.url,
  AIOPS_PASSWORD: adminPassword,
  SSH_HOST: sshd.host,
  SSH_PORT: String(sshd.port),
  SSH_USER: sshd.username,
  SSH_KEY_FILE: keyFile,
});

const hasTools = ['curl', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);

describe.runIf(hasTools && sshdAvailable())('docs/api-examples.md', () => {
  let engine: TestEngine;
  let sshd: Sshd;
  const folder = mkdtempSync(join(tmpdir(), 'aiops-examples-'));

  beforeAll(async () => {
    [engine, sshd] = await Promise.all([startTestEngine(), startSshd()]);
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, sshd.privateKey, { mode: 0o600 });
    writeFileSync(join(folder, 'script'), scriptOf(examples));
    await run('bash', ['script'], { cwd: folder, env: environment(engine, sshd, keyFile), timeout: 60_000 });
  }, 90_000);
  afterAll(async () => {
    await Promise.all([engine.stop(), sshd.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows an answer for most of its commands', () => {
    expect(examples.filter(({ shows }) => shows).length).toBeGreaterThan(20);
  });

  it.each(examples.map((example, index) => ({ ...example, index })).filter(({ shows }) => shows))(
    'is answered as it says in line $line',
    ({ answer, index }) => {
      const text = readFileSync(join(folder, `out.${index}`), 'utf8');
      const found: unknown = JSON.parse(text);
      expect(differences(answer, found), text).toEqual([]);
    },
  );
});
