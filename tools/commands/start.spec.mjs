import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm start -- …args` runs. */
const start = (env, ...args) =>
  new Promise((resolve) => {
    const options = { cwd: root, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } };
    execFile(process.execPath, ['tools/run.mjs', 'start', ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

describe('npm start', () => {
  it('hands its arguments to the engine, and the engine’s exit code on', async () => {
    const wrong = await start({ APP_ENV: 'production' }, '--check-config');
    expect(wrong).toMatchObject({ code: 78, stdout: '' });
    expect(wrong.stderr).toContain('  - ENCRYPTION_KEYS: must be set in production');
    const right = await start({ APP_ENV: 'test' }, '--', '--check-config');
    expect(right).toMatchObject({ code: 0, stdout: 'The settings are valid for test.\n' });
  });
});
