import type { CredentialDto, Problem } from '@aiops/contracts';
import { generateSshKey, sshdAvailable, startSshd } from '@aiops/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Breakers, Clock } from '../../platform/index.js';
import { VaultServer } from '../../platform/secrets/vault-server.fixture.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { SshLab, run } from '../ssh/ssh-lab.fixture.js';
import { SecretReader } from './secret.reader.js';

const TTL_MS = 60_000;
const STALE_MS = 600_000;
let vault: VaultServer;
let engine: TestEngine;
beforeAll(async () => {
  vault = await VaultServer.start();
  engine = await startTestEngine({
    SECRETS_BACKEND: 'vault',
    VAULT_ADDR: vault.address,
    VAULT_TOKEN: vault.rootToken,
    SECRETS_CACHE_TTL_MS: String(TTL_MS),
    SECRETS_STALE_MS: String(STALE_MS),
    CREDENTIAL_SECRET_PATHS: 'vault:secret/data/hosts/*, env:AIOPS_SPEC_PASSWORD',
  });
});
afterAll(async () => {
  await engine.stop();
  await vault.stop();
});

let ahead = 0;
beforeEach(() => {
  const clock = engine.app.get(Clock);
  vi.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + ahead));
});
afterEach(() => {
  vault.sealed = false;
  ahead = 0;
  engine.app.get(Breakers).reset('secrets:vault');
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

let count = 0;
const credential = (body: object) =>
  engine.api<CredentialDto & Problem>('POST', '/credentials', {
    body: { name: `referring-${++count}`, kind: 'password', ...body },
  });
async function referring(
  value: string,
): Promise<{ name: string; path: string; value: () => Promise<string> }> {
  const path = `hosts/${++count}`;
  vault.put(path, { password: value });
  const made = await credential({ secret: `vault:secret/data/${path}#password` });
  expect(made.status).toBe(201);
  const { name } = made.body;
  const reader = engine.app.get(SecretReader, { strict: false });
  return { name, path, value: async () => (await reader.values([name]))[name] ?? '' };
}

describe('credentials that refer to a secrets backend (R5.1)', () => {
  it('are fetched when they are used, and no value comes back or is stored', async () => {
    vault.put('hosts/web', { password: 'kept-in-vault-1618' });
    const made = await credential({ secret: 'vault:secret/data/hosts/web#password' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ secret: '***', fingerprint: null });
    const reader = engine.app.get(SecretReader, { strict: false });
    expect(await reader.values([made.body.name])).toEqual({ [made.body.name]: 'kept-in-vault-1618' });
    expect(JSON.stringify(made.body)).not.toContain('1618');
    const source = engine.app.get<DataSource>(getDataSourceToken());
    expect(JSON.stringify(await source.query('SELECT * FROM credentials'))).not.toContain('1618');
  });

  it('may name an environment variable that is given free', async () => {
    vi.stubEnv('AIOPS_SPEC_PASSWORD', 'from the environment');
    const made = await credential({ secret: 'env:AIOPS_SPEC_PASSWORD' });
    const reader = engine.app.get(SecretReader, { strict: false });
    expect(await reader.values([made.body.name])).toEqual({ [made.body.name]: 'from the environment' });
  });

  it.each([
    ['vault:secret/data/aiops#jwt', 400, 'not given vault:secret/data/aiops free in CREDENTIAL_SECRET_PATHS'],
    ['vault:secret/data/hosts/../aiops#jwt', 400, 'A reference must be vault:<mount>/data/<path>#<key>'],
    ['env:JWT_SECRETS', 400, 'not given env:JWT_SECRETS free'],
    ['aws:prod/aiops', 400, 'not given aws:prod/aiops free'],
    ['vault:secret/data/hosts/none#x', 422, 'The Vault secret secret/data/hosts/none does not exist'],
    ['vault:secret/data/hosts/web#nope', 422, 'has no key "nope"'],
  ])('are refused when they lead where they must not, or nowhere: %s', async (secret, status, said) => {
    vault.put('aiops', { jwt: 'not-for-engineers' });
    vault.put('hosts/web', { password: 'x' });
    const refused = await credential({ secret });
    expect(refused.status).toBe(status);
    expect(refused.body.detail).toContain(said);
    expect(JSON.stringify(refused.body)).not.toContain('not-for-engineers');
  });

  it('show the fingerprint of a key that is kept elsewhere, and refuse one that is no key', async () => {
    const pair = generateSshKey('ed25519', 'a passphrase');
    vault.put('hosts/key', { private: pair.private, passphrase: 'a passphrase', other: 'hello' });
    const at = (key: string) => `vault:secret/data/hosts/key#${key}`;
    const made = await credential({ kind: 'ssh_key', secret: at('private'), passphrase: at('passphrase') });
    expect(made.body.fingerprint).toMatch(/^SHA256:/);
    const refused = await credential({ kind: 'ssh_key', secret: at('other') });
    expect([refused.status, refused.body.detail]).toEqual([
      400,
      expect.stringContaining('not a private key') as string,
    ]);
  });

  it('take a rotation over once the cached value is old, without being asked', async () => {
    const { path, value } = await referring('old');
    vault.put(path, { password: 'new' });
    const before = vault.reads;
    expect([await value(), await value()]).toEqual(['old', 'old']);
    expect(vault.reads).toBe(before);
    ahead = TTL_MS + 1000;
    expect(await Promise.all([value(), value(), value()])).toEqual(['new', 'new', 'new']);
    expect(vault.reads).toBe(before + 1);
  });

  it('serve on while the backend is away, for a set time, and say then what is wrong', async () => {
    const { value } = await referring('still good');
    vault.sealed = true;
    ahead = TTL_MS + 1000;
    expect(await value()).toBe('still good');
    ahead = TTL_MS + STALE_MS + 1000;
    await expect(value()).rejects.toThrow('Vault is sealed');
    vault.sealed = false;
    // What the breaker does has a test of its own.
    engine.app.get(Breakers).reset('secrets:vault');
    expect(await value()).toBe('still good');
  });

  it('do not outlive their secret', async () => {
    const { path, value } = await referring('deleted soon');
    vault.remove(path);
    ahead = TTL_MS + 1000;
    await expect(value()).rejects.toThrow('was deleted');
    vault.sealed = true;
    await expect(value()).rejects.toThrow('Vault is sealed');
  });

  it('leave a backend alone that failed repeatedly, but not for a secret that is missing', async () => {
    const breakers = engine.app.get(Breakers);
    const { path, value } = await referring('x');
    vault.remove(path);
    ahead = TTL_MS + STALE_MS + 1000;
    for (let call = 0; call < 5; call += 1) await expect(value()).rejects.toThrow('was deleted');
    expect(breakers.state('secrets:vault')).toBe('closed');
    breakers.reset('secrets:vault');
    vault.sealed = true;
    for (let call = 0; call < 3; call += 1) await expect(value()).rejects.toThrow('Vault is sealed');
    expect(breakers.state('secrets:vault')).toBe('open');
    vault.sealed = false;
    const reads = vault.reads;
    await expect(value()).rejects.toThrow('calls to it are paused');
    expect(vault.reads).toBe(reads);
    const refused = await credential({ secret: `vault:secret/data/${path}#password` });
    expect(refused.status).toBe(503);
  });

  it.skipIf(!sshdAvailable)('sign in to a target with a key that is kept in Vault alone', async () => {
    const sshd = await startSshd();
    const lab = new SshLab(engine);
    try {
      vault.put('hosts/ssh', { key: sshd.privateKey });
      const { host, port, username } = sshd;
      const secret = 'vault:secret/data/hosts/ssh#key';
      const target = await lab.target({ host, port, username, credential: { kind: 'ssh_key', secret } });
      const session = await lab.trusted(target);
      expect((await run(session, 'echo fetched')).stdout.toString()).toBe('fetched\n');
      vault.remove('hosts/ssh');
      ahead = TTL_MS + 1000;
      await expect(lab.connect(target)).rejects.toMatchObject({
        code: 'not_configured',
        message: expect.stringContaining(
          'is not to be had: The Vault secret secret/data/hosts/ssh was',
        ) as string,
      });
    } finally {
      lab.closeAll();
      await sshd.stop();
    }
  });
});
