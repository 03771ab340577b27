import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { AppConfig, ConfigError, readSettings } from './config.js';
import { configSchema } from './config.schema.js';
import { withDevelopmentKeys } from './development-keys.js';

const jwtSecret = randomBytes(24).toString('hex');
const encryptionKey = randomBytes(32);
const jwt = `k1:${jwtSecret}`;
const encryption = `e1:${encryptionKey.toString('base64')}`;
const production = { APP_ENV: 'production', JWT_SECRETS: jwt, ENCRYPTION_KEYS: encryption };

function problemsOf(env: Record<string, string>): string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aiops-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('readSettings', () => {
  it('has a default for everything in development', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      APP_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 8080,
      AIOPS_ROLE: 'all',
      ADMIN_USERNAME: 'admin',
    });
    expect(settings.DATABASE_URL).toBeUndefined();
  });

  it('takes an empty or blank variable for one that is not set', () => {
    expect(readSettings({ PORT: '', HOST: '  ', DATABASE_URL: '', ADMIN_PASSWORD: '' })).toMatchObject({
      PORT: 8080,
    });
  });

  it('takes addresses, networks and names of private networks for trusted proxies, and nothing else (R2.5)', () => {
    const good = '10.0.0.0/8, 2001:db8::/32, 192.0.2.1, ::1, loopback';
    expect(readSettings({ TRUSTED_PROXIES: good }).TRUSTED_PROXIES).toHaveLength(5);
    expect(readSettings({}).TRUSTED_PROXIES).toEqual([]);
    for (const bad of [
      'true',
      '1',
      '*',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '::/129',
      'proxy.local',
    ]) {
      expect(problemsOf({ TRUSTED_PROXIES: bad })).toEqual([
        expect.stringMatching(/^TRUSTED_PROXIES: each must/),
      ]);
    }
  });

  it('reads secrets newest first, with colons in them', () => {
    const secret = `a:b${randomBytes(24).toString('hex')}`;
    const settings = readSettings({ ...production, JWT_SECRETS: `new:${secret}, ${jwt}` });
    expect(settings.JWT_SECRETS).toEqual([
      { kid: 'new', secret },
      { kid: 'k1', secret: jwtSecret },
    ]);
    expect(settings.ENCRYPTION_KEYS).toEqual([{ id: 'e1', key: encryptionKey }]);
  });

  it('lists every problem at once, each with its variable', () => {
    const problems = problemsOf({
      APP_ENV: 'moon',
      PORT: '99999',
      AIOPS_ROLE: 'boss',
      DATABASE_URL: 'mysql://x/y',
      JWT_SECRETS: 'k:short',
      ENCRYPTION_KEYS: 'e:AAAA',
      ADMIN_USERNAME: 'the boss',
      ADMIN_PASSWORD: 'short',
      CORS_ALLOWED_ORIGINS: 'not a url',
      LOG_LEVEL: 'loud',
    });
    const names = [
      'APP_ENV',
      'PORT',
      'AIOPS_ROLE',
      'DATABASE_URL',
      'JWT_SECRETS',
      'ENCRYPTION_KEYS',
      'ADMIN_USERNAME',
      'ADMIN_PASSWORD',
      'CORS_ALLOWED_ORIGINS',
      'LOG_LEVEL',
    ];
    expect(new Set(problems.map((problem) => problem.split(':')[0]))).toEqual(new Set(names));
  });

  it('also lists what only counts when everything else is right', () => {
    const problems = problemsOf({
      APP_ENV: 'production',
      PORT: 'http',
      JWT_SECRETS: 'k:short',
      DATABASE_URL: 'postgresql://aiops@db.example.com/aiops',
      DATABASE_SSL_CA: join(folder, 'no-such-file.pem'),
      CORS_ALLOWED_ORIGINS: '*',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'JWT_SECRETS',
      'ENCRYPTION_KEYS',
      'CORS_ALLOWED_ORIGINS',
      'DATABASE_SSL_MODE',
      'DATABASE_SSL_CA',
    ]);
  });

  it('makes of no text whatever anything but settings or problems that name a setting', () => {
    const names = Object.keys(configSchema.shape);
    const nasty = fc.constantFrom(
      'postgres://%zz',
      'postgres://u@[::1]:99999/d',
      'http://',
      'https://a,*',
      '%',
      '0x10',
      '1e9',
    );
    const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.webUrl(), nasty);
    const env = fc.dictionary(fc.constantFrom(...names), text);
    fc.assert(
      fc.property(env, fc.constantFrom('production', 'development'), (given, APP_ENV) => {
        for (const problem of problemsOf({ ...given, APP_ENV })) {
          expect(names).toContain(problem.split(':')[0]);
        }
      }),
    );
  });

  it('never repeats a secret in what it says', () => {
    const problems = problemsOf({
      JWT_SECRETS: 'k:hunter2',
      ADMIN_PASSWORD: 'hunter2',
      ENCRYPTION_KEYS: 'hunter2',
    });
    expect(problems).toHaveLength(3);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it('makes up keys in development and test, and nowhere else', () => {
    expect(problemsOf({ APP_ENV: 'test' })).toEqual([]);
    for (const APP_ENV of ['staging', 'production']) {
      expect(problemsOf({ APP_ENV }).map((problem) => problem.split(':')[0])).toEqual(['ENCRYPTION_KEYS']);
    }
    expect(problemsOf(production)).toEqual([]);
  });

  it('wants no keys for tokens, which the engine makes by itself (R1.1)', () => {
    expect(problemsOf({ APP_ENV: 'production', ENCRYPTION_KEYS: encryption })).toEqual([]);
  });

  it('refuses two keys with one id', () => {
    expect(problemsOf({ ...production, JWT_SECRETS: `${jwt},${jwt}` })).toEqual([
      'JWT_SECRETS: the kid "k1" stands there twice',
    ]);
    expect(problemsOf({ ...production, ENCRYPTION_KEYS: `${encryption},${encryption}` })).toEqual([
      'ENCRYPTION_KEYS: the id "e1" stands there twice',
    ]);
  });

  it('tells what a process of each role does', () => {
    const roles = ['all', 'api', 'worker'].map((AIOPS_ROLE) => {
      const config = new AppConfig(readSettings({ AIOPS_ROLE }), '');
      return [AIOPS_ROLE, config.servesApi, config.runsJobs];
    });
    expect(roles).toEqual([
      ['all', true, true],
      ['api', true, false],
      ['worker', false, true],
    ]);
  });
});

describe('development keys', () => {
  it('are made once, kept for the owner alone, and used only where none were given', () => {
    const settings = readSettings({ AIOPS_DATA_DIR: join(folder, 'keys') });
    const made = withDevelopmentKeys(settings);
    expect(made.JWT_SECRETS).toEqual([]);
    expect(made.ENCRYPTION_KEYS[0]?.key).toHaveLength(32);
    expect(withDevelopmentKeys(settings)).toEqual(made);
    const file = join(folder, 'keys', 'development-keys.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(made.ENCRYPTION_KEYS[0]?.key.toString('base64'));
    const given = readSettings({ AIOPS_DATA_DIR: join(folder, 'keys'), ENCRYPTION_KEYS: encryption });
    expect(withDevelopmentKeys(given)).toEqual(given);
  });
});

describe('generated keys', () => {
  it('are refused in staging and production, also when somebody copies them (R5.4)', () => {
    const AIOPS_DATA_DIR = join(folder, 'copied');
    const made = withDevelopmentKeys(readSettings({ AIOPS_DATA_DIR }));
    const file = join(AIOPS_DATA_DIR, 'development-keys.json');
    // As an older version left it behind.
    const jwtSecret = randomBytes(48).toString('base64url');
    writeFileSync(file, JSON.stringify({ jwtSecret, ...JSON.parse(readFileSync(file, 'utf8')) }));
    const copied = {
      AIOPS_DATA_DIR,
      JWT_SECRETS: `k1:${jwtSecret}`,
      ENCRYPTION_KEYS: `e1:${made.ENCRYPTION_KEYS[0]?.key.toString('base64') ?? ''}`,
    };
    for (const APP_ENV of ['staging', 'production']) {
      expect(problemsOf({ APP_ENV, ...copied })).toEqual([
        `JWT_SECRETS: "k1" was generated for development; make one for ${APP_ENV}`,
        `ENCRYPTION_KEYS: "e1" was generated for development; make one for ${APP_ENV}`,
      ]);
    }
    expect(problemsOf(copied)).toEqual([]);
  });
});

/** The built engine, started with these settings and arguments alone: `npm test` builds before it tests. */
async function runEngine(env: Record<string, string>, ...args: string[]) {
  const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
  expect(existsSync(main), 'run `npm run build` first').toBe(true);
  const options = { env: { PATH: process.env['PATH'], ...env }, cwd: folder };
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe('the process (R5.2)', () => {
  const AIOPS_DATA_DIR = 'untouched';
  afterEach(() => expect(readdirSync(folder)).not.toContain(AIOPS_DATA_DIR));

  it.each([{ args: [] }, { args: ['--check-config'] }])(
    'lists what is wrong with its settings, exits with 78 and has started nothing: $args',
    async ({ args }) => {
      const wrong = { APP_ENV: 'production', PORT: 'http', LOG_LEVEL: 'loud', AIOPS_DATA_DIR };
      const ended = await runEngine(wrong, ...args);
      expect(ended.stderr).toContain('The settings are not valid:');
      for (const name of ['PORT', 'LOG_LEVEL', 'ENCRYPTION_KEYS']) {
        expect(ended.stderr).toContain(`  - ${name}: `);
      }
      expect(ended.stderr).not.toContain('    at ');
      expect(ended).toMatchObject({ code: 78, stdout: '' });
    },
  );

  it('only checks its settings when told to', async () => {
    const ended = await runEngine({ ...production, AIOPS_DATA_DIR }, '--check-config');
    expect(ended).toEqual({ code: 0, stdout: 'The settings are valid for production.\n', stderr: '' });
    const tried = await runEngine({ AIOPS_DATA_DIR }, '--check-config');
    expect(tried).toEqual({ code: 0, stdout: 'The settings are valid for development.\n', stderr: '' });
  });

  it('starts nothing with an argument that it does not know', async () => {
    const ended = await runEngine({ AIOPS_DATA_DIR }, '--chek-config');
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toContain('Unknown argument: --chek-config');
    expect(ended.stderr).toContain('Usage: npm start');
  });
});
