import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperationalError, UserError } from '../errors/errors.js';
import { VaultBackend, type VaultLogin } from './vault.backend.js';
import { VaultHttp, type VaultAddress } from './vault-http.js';
import { VaultServer } from './vault-server.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'aiops-vault-'));
afterAll(() => rmSync(folder, { recursive: true }));

let vault: VaultServer;
let now: number;
const opened: VaultHttp[] = [];
beforeEach(async () => {
  vault = await VaultServer.start();
  vault.put('aiops', { jwt: 'k1:secret', port: 5432, empty: '', list: ['a'] });
  now = 1_000_000;
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()));
  await vault.stop();
});

function backend(login: VaultLogin, place: Partial<VaultAddress> = {}): VaultBackend {
  const defaults = { address: vault.address, namespace: undefined, caFile: undefined, timeoutMs: 2000 };
  const http = new VaultHttp({ ...defaults, ...place });
  opened.push(http);
  return new VaultBackend(http, login, () => now);
}
const withToken = (place?: Partial<VaultAddress>) =>
  backend({ method: 'token', token: vault.rootToken }, place);
const jwt = { path: 'secret/data/aiops', key: 'jwt' };

async function failure(fetching: Promise<string>): Promise<{ kind: string; message: string }> {
  const error: unknown = await fetching.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return { kind: 'refused', message: error.message };
  if (error instanceof OperationalError) return { kind: 'away', message: error.message };
  throw new Error(`Expected a failure, got ${String(error)}`);
}

describe('VaultBackend (R5.1)', () => {
  it('reads a key of a KV version 2 secret, text or number', async () => {
    expect(await withToken().fetch(jwt)).toBe('k1:secret');
    expect(await withToken().fetch({ ...jwt, key: 'port' })).toBe('5432');
  });

  it('sends the namespace', async () => {
    vault.namespace = 'team-a';
    expect(await withToken({ namespace: 'team-a' }).fetch(jwt)).toBe('k1:secret');
    expect((await failure(withToken().fetch(jwt))).kind).toBe('refused');
  });

  it('says what is wrong with a secret, and never what is in it', async () => {
    vault.put('gone', { jwt: 'x' });
    vault.remove('gone');
    vault.put('burnt', { jwt: 'x' });
    vault.remove('burnt', true);
    const said = async (path: string, key = 'jwt') => failure(withToken().fetch({ path, key }));
    expect(await said('secret/data/aiops', 'nope')).toEqual({
      kind: 'refused',
      message: 'The Vault secret secret/data/aiops has no key "nope".',
    });
    expect((await said('secret/data/aiops', 'toString')).message).toContain('has no key');
    expect((await said('secret/data/aiops', 'empty')).message).toContain('is no text, or an empty one');
    expect((await said('secret/data/aiops', 'list')).message).toContain('is no text, or an empty one');
    expect((await said('secret/data/other')).message).toContain('secret/data/other does not exist');
    expect((await said('secret/data/gone')).message).toContain('was deleted on 2026-11-20T08:15:30');
    expect((await said('secret/data/burnt')).message).toContain('was destroyed');
  });

  it('says that a token is not valid or not enough', async () => {
    const bad = await failure(backend({ method: 'token', token: 'hvs.wrong' }).fetch(jwt));
    expect(bad).toEqual({
      kind: 'refused',
      message:
        'The Vault secret secret/data/aiops may not be read: 2 errors occurred: * permission denied * invalid token.',
    });
    vault.forbidden.add('aiops');
    const limited = backend({ method: 'token', token: vault.issueToken() });
    expect((await failure(limited.fetch(jwt))).message).toContain('may not be read: 1 error occurred');
  });

  it('takes a sealed Vault, and one that is not there, for away', async () => {
    vault.sealed = true;
    expect(await failure(withToken().fetch(jwt))).toEqual({
      kind: 'away',
      message: 'The Vault secret secret/data/aiops cannot be read: Vault answered 503 (Vault is sealed).',
    });
    const { kind, message } = await failure(withToken({ address: 'http://127.0.0.1:1' }).fetch(jwt));
    expect(kind).toBe('away');
    expect(message).toContain('Vault at http://127.0.0.1:1 cannot be reached');
  });

  it('gives up on a Vault that does not answer', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', listening));
    const address = `http://127.0.0.1:${String((mute.address() as AddressInfo).port)}`;
    const { kind, message } = await failure(withToken({ address, timeoutMs: 200 }).fetch(jwt));
    mute.closeAllConnections();
    mute.close();
    expect(kind).toBe('away');
    expect(message).toContain('cannot be reached');
  });

  it('follows no redirect, for that would hand over its token', async () => {
    let called = 0;
    const standby = createServer((_request, response) => {
      called += 1;
      response.writeHead(307, { Location: `${vault.address}/v1/secret/data/aiops` }).end();
    });
    await new Promise<void>((listening) => standby.listen(0, '127.0.0.1', listening));
    const address = `http://127.0.0.1:${String((standby.address() as AddressInfo).port)}`;
    const { kind, message } = await failure(withToken({ address }).fetch(jwt));
    standby.closeAllConnections();
    standby.close();
    expect(kind).toBe('refused');
    expect(message).toContain(`redirects to ${vault.address}`);
    expect([called, vault.reads]).toEqual([1, 0]);
  });

  it('trusts the authority it is given, and no other', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=vault'];
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2', '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', ...made, ...names], { stdio: 'pipe' });
    await vault.stop();
    vault = await VaultServer.start({ key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') });
    vault.put('aiops', { jwt: 'over tls' });
    expect(await withToken({ caFile: cert }).fetch(jwt)).toBe('over tls');
    const { kind, message } = await failure(withToken().fetch(jwt));
    expect(kind).toBe('away');
    expect(message).toMatch(/self.signed certificate/);
  });
});

describe('VaultBackend, logged in by a token in a file', () => {
  it('reads the file again when Vault does not take the token any more', async () => {
    const file = join(folder, 'vault-token');
    writeFileSync(file, `${vault.issueToken()}\n`);
    const secrets = backend({ method: 'token_file', file });
    expect(await secrets.fetch(jwt)).toBe('k1:secret');
    vault.revokeTokens();
    writeFileSync(file, vault.issueToken());
    expect(await secrets.fetch(jwt)).toBe('k1:secret');
  });

  it('says which file is missing or empty', async () => {
    const missing = join(folder, 'missing');
    expect((await failure(backend({ method: 'token_file', file: missing }).fetch(jwt))).message).toContain(
      missing,
    );
    writeFileSync(join(folder, 'empty'), '\n');
    const empty = backend({ method: 'token_file', file: join(folder, 'empty') });
    expect((await failure(empty.fetch(jwt))).message).toContain('is empty');
  });
});

describe('VaultBackend, logged in by Kubernetes', () => {
  const file = join(folder, 'service-account');
  const kubernetes = { method: 'kubernetes', role: 'aiops', mount: 'kubernetes', file } as const;
  beforeEach(() => {
    vault.serviceAccounts.set('aiops', 'header.first.signature');
    writeFileSync(file, 'header.first.signature');
  });

  it('logs in once for all, and again before its lease is over with the token of that time', async () => {
    const secrets = backend(kubernetes);
    expect(await Promise.all([secrets.fetch(jwt), secrets.fetch(jwt), secrets.fetch(jwt)])).toHaveLength(3);
    expect(vault.logins).toBe(1);
    now += 3600 * 1000 * 0.7;
    await secrets.fetch(jwt);
    expect(vault.logins).toBe(1);
    vault.serviceAccounts.set('aiops', 'header.second.signature');
    writeFileSync(file, 'header.second.signature');
    now += 3600 * 1000 * 0.2;
    await Promise.all([secrets.fetch(jwt), secrets.fetch(jwt)]);
    expect(vault.logins).toBe(2);
  });

  it('logs in again when its token was revoked, and only once when the policy forbids', async () => {
    const secrets = backend(kubernetes);
    await secrets.fetch(jwt);
    vault.revokeTokens();
    expect(await secrets.fetch(jwt)).toBe('k1:secret');
    expect(vault.logins).toBe(2);
    vault.forbidden.add('aiops');
    expect((await failure(secrets.fetch(jwt))).message).toContain('permission denied');
    expect(vault.logins).toBe(3);
  });

  it('says why a login is refused, and tries again the next time', async () => {
    const wrong = await failure(backend({ ...kubernetes, role: 'other' }).fetch(jwt));
    expect(wrong.message).toBe('Vault refused the Kubernetes login as "other": invalid role name "other".');
    expect((await failure(backend({ ...kubernetes, mount: 'k8s' }).fetch(jwt))).message).toContain(
      'no handler',
    );
    const secrets = backend(kubernetes);
    writeFileSync(file, 'header.forged.signature');
    expect((await failure(secrets.fetch(jwt))).message).toContain('permission denied');
    writeFileSync(file, 'header.first.signature');
    expect(await secrets.fetch(jwt)).toBe('k1:secret');
  });
});
