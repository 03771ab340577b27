import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AwsServer } from '../secrets/aws-server.fixture.js';
import { VaultServer } from '../secrets/vault-server.fixture.js';
import { ConfigError } from './config.js';
import { loadSettings } from './config.load.js';
import { configSchema } from './config.schema.js';
import { ownSecrets, settingDocs } from './setting.js';

const jwtSecret = randomBytes(24).toString('hex');
const encryptionKey = randomBytes(32);
const jwt = `k1:${jwtSecret}`;
const encryption = `e1:${encryptionKey.toString('base64')}`;

const folder = mkdtempSync(join(tmpdir(), 'aiops-load-'));
let vault: VaultServer;
let aws: AwsServer;
beforeAll(async () => {
  vault = await VaultServer.start();
  aws = await AwsServer.start();
  vault.put('aiops', { jwt, encryption, password: 'correct horse battery\n', wrong: 'k1:hunter2' });
  aws.secrets.set('prod/aiops', JSON.stringify({ jwt, encryption }));
});
afterAll(async () => {
  await Promise.all([vault.stop(), aws.stop()]);
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vault.sealed = false;
  vi.unstubAllEnvs();
});

const vaultSettings = () => ({
  APP_ENV: 'production',
  SECRETS_BACKEND: 'vault',
  VAULT_ADDR: vault.address,
  VAULT_TOKEN: vault.rootToken,
  JWT_SECRETS: 'vault:secret/data/aiops#jwt',
  ENCRYPTION_KEYS: 'vault:secret/data/aiops#encryption',
});

async function problemsOf(env: Record<string, string>): Promise<string[]> {
  try {
    await loadSettings(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadSettings (R5.1)', () => {
  it('fetches from Vault what settings refer to', async () => {
    const ADMIN_PASSWORD = 'vault:secret/data/aiops#password';
    const settings = await loadSettings({ ...vaultSettings(), ADMIN_PASSWORD });
    expect(settings.JWT_SECRETS).toEqual([{ kid: 'k1', secret: jwtSecret }]);
    expect(settings.ENCRYPTION_KEYS).toEqual([{ id: 'e1', key: encryptionKey }]);
    expect(settings.ADMIN_PASSWORD).toBe('correct horse battery');
  });

  it('logs in to Vault as a pod does', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'header.pod.signature');
    vault.serviceAccounts.set('engine', 'header.pod.signature');
    const settings = await loadSettings({
      ...vaultSettings(),
      VAULT_TOKEN: '',
      VAULT_AUTH: 'kubernetes',
      VAULT_KUBERNETES_ROLE: 'engine',
      VAULT_KUBERNETES_TOKEN_FILE: file,
    });
    expect(settings.JWT_SECRETS).toHaveLength(1);
  });

  it('fetches from AWS Secrets Manager', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', aws.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', aws.secretAccessKey);
    aws.failing = 2;
    const settings = await loadSettings({
      APP_ENV: 'production',
      SECRETS_BACKEND: 'aws',
      AWS_REGION: aws.region,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
      JWT_SECRETS: 'aws:prod/aiops#jwt',
      ENCRYPTION_KEYS: 'aws:prod/aiops#encryption',
    });
    expect(settings.ENCRYPTION_KEYS).toEqual([{ id: 'e1', key: encryptionKey }]);
  });

  it('mixes values and references in a list, also to other variables', async () => {
    const older = `old:${randomBytes(24).toString('hex')}`;
    const JWT_SECRETS = `vault:secret/data/aiops#jwt, env:OLD_KEY, k0:${'0123456789'.repeat(4)}`;
    const settings = await loadSettings({ ...vaultSettings(), JWT_SECRETS, OLD_KEY: older });
    expect(settings.JWT_SECRETS.map(({ kid }) => kid)).toEqual(['k1', 'old', 'k0']);
  });

  it('lists every problem at once, of references, of what is behind them and of all other settings', async () => {
    const problems = await problemsOf({
      ...vaultSettings(),
      JWT_SECRETS: 'vault:secret/data/aiops#wrong',
      ENCRYPTION_KEYS: 'vault:secret/data/nothing#here',
      ADMIN_PASSWORD: 'vault:secret/data/aiops',
      DATABASE_URL: 'env:NOT_SET',
      PORT: 'http',
      CORS_ALLOWED_ORIGINS: '*',
    });
    expect(problems.sort()).toEqual([
      'ADMIN_PASSWORD: the reference must be vault:<mount>/data/<path>#<key>, such as vault:secret/data/aiops#jwt',
      expect.stringMatching(/^CORS_ALLOWED_ORIGINS: /),
      'DATABASE_URL: The environment variable NOT_SET is not set.',
      expect.stringMatching(/^ENCRYPTION_KEYS: The Vault secret secret\/data\/nothing does not exist/),
      expect.stringMatching(/^JWT_SECRETS: each must be kid:secret/),
      expect.stringMatching(/^PORT: /),
    ]);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it('lists what is missing to reach the backend, together with what it can tell without', async () => {
    const env = { APP_ENV: 'production', SECRETS_BACKEND: 'vault', PORT: 'http', JWT_SECRETS: 'vault:x#y' };
    const names = (await problemsOf(env)).map((problem) => problem.split(':')[0]);
    expect(names.sort()).toEqual(['ENCRYPTION_KEYS', 'JWT_SECRETS', 'PORT', 'VAULT_ADDR', 'VAULT_TOKEN']);
    expect(await problemsOf({ ...vaultSettings(), VAULT_ADDR: 'http://vault.example.com:8200' })).toEqual([
      'VAULT_ADDR: must be https: in production, for secrets come from it over the network',
    ]);
    expect(await problemsOf({ ...vaultSettings(), SECRETS_BACKEND: 'env' })).toEqual([
      'JWT_SECRETS: SECRETS_BACKEND is env: vault: references need vault.',
      'ENCRYPTION_KEYS: SECRETS_BACKEND is env: vault: references need vault.',
    ]);
  });

  it('asks a backend that is away some times more, and then says so', async () => {
    vault.sealed = true;
    expect(await problemsOf(vaultSettings())).toEqual([
      expect.stringMatching(/^JWT_SECRETS: .*Vault is sealed/),
      expect.stringMatching(/^ENCRYPTION_KEYS: .*Vault is sealed/),
    ]);
  });

  it('lets no variable refer to a secret of the engine itself', async () => {
    const marked = Object.entries(configSchema.shape).filter(
      ([, schema]) => settingDocs.get(schema)?.secret !== undefined,
    );
    expect(ownSecrets).toEqual(expect.arrayContaining(marked.map(([name]) => name)));
    const env = { JWT_SECRETS: jwt, ADMIN_PASSWORD: 'env:JWT_SECRETS' };
    expect(await problemsOf(env)).toEqual([
      'ADMIN_PASSWORD: The environment variable JWT_SECRETS is a setting and cannot be referred to.',
    ]);
  });
});
