import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, start, untilReady } from './process.mjs';

const main = fileURLToPath(new URL('../../../apps/api/dist/main.js', import.meta.url));

/** The built engine with an embedded PostgreSQL of its own, as production runs it, on an empty data directory. */
export async function startEngine(settings = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'aiops-bench-'));
  // Started by root, PostgreSQL runs as another user: it must get in, or its data would lie elsewhere and stay there.
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const password = randomBytes(12).toString('base64url');
  const program = start(process.execPath, [main], {
    NODE_ENV: 'production',
    APP_ENV: 'production',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: String(port),
    AIOPS_DATA_DIR: dataDir,
    DATABASE_URL: '',
    JWT_SECRETS: `bench:${randomBytes(32).toString('hex')}`,
    ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    ADMIN_USERNAME: 'admin',
    ADMIN_PASSWORD: password,
    // Counted as ever, and never reached: all load comes from one address.
    RATE_LIMIT_API_PER_MINUTE: '100000000',
    RATE_LIMIT_INGEST_PER_MINUTE: '100000000',
    RATE_LIMIT_LOGIN_PER_MINUTE: '1000000',
    // One sign-in serves a whole run.
    ACCESS_TOKEN_LIFETIME_MS: '86400000',
    OUTBOUND_ALLOWED: '127.0.0.0/8',
    ...settings,
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await program.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const started = performance.now();
    await untilReady(program, `${url}/health/ready`);
    const readyMs = performance.now() - started;
    return { url, pid: program.pid, readyMs, api: await apiClient(url, password), tail: program.tail, stop };
  } catch (error) {
    await stop();
    throw new Error(`the engine is not there: ${error.message}`, { cause: error });
  }
}

async function apiClient(url, password) {
  let token;
  const call = async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  token = (await call('POST', '/auth/login', { username: 'admin', password })).access_token;
  return call;
}
