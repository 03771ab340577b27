import type { DomainEventPayload, TargetDto, TargetTestResult } from '@aiops/contracts';
import {
  generateSshKey,
  sshdAvailable,
  startSshd,
  until,
  whyNoThrowAwayUser,
  type Sshd,
} from '@aiops/testing';
import { Module } from '@nestjs/common';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OnLiveEvent } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { placeOf, run, SshLab } from './ssh-lab.fixture.js';

class Listener {
  readonly changes: DomainEventPayload<'host_key.changed.v1'>[] = [];
  @OnLiveEvent('host_key.changed.v1')
  changed(event: DomainEventPayload<'host_key.changed.v1'>): void {
    this.changes.push(event);
  }
}
@Module({ providers: [Listener] })
class ListenerModule {}

const folders: string[] = [];
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aiops-ssh-spec-'));
  folders.push(folder);
  return folder;
}

const passphrase = 'open sesame';

const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe.runIf(sshdAvailable())('a connection to a real sshd', () => {
  let engine: TestEngine;
  let lab: SshLab;
  let sshd: Sshd;
  let target: TargetDto;
  const others: Sshd[] = [];

  beforeAll(async () => {
    engine = await startTestEngine({}, [ListenerModule]);
    lab = new SshLab(engine);
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    sshd = await startSshd();
    target = await lab.target(placeOf(sshd));
  });
  afterEach(async () => {
    lab.closeAll();
    for (const server of [sshd, ...others.splice(0)]) await server.stop();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  const check = async () => (await engine.api<TargetTestResult>('POST', `/targets/${target.id}/test`)).body;
  const stagesOf = (result: TargetTestResult) => result.stages.map((stage) => `${stage.name} ${stage.ok}`);

  it('asks before it trusts a host, and comes about once a person accepted its key', async () => {
    const asked = await errorOf(lab.connect(target));
    expect(asked).toMatchObject({ code: 'unknown_host_key', started: false });
    expect(String(asked)).toContain(`accept it under Targets › ${target.name}`);
    expect(await lab.keys(target)).toMatchObject([
      { status: 'pending', fingerprint: sshd.hostKeyFingerprint(), algorithm: 'ssh-ed25519' },
    ]);
    expect((await lab.shown(target)).host_key_status).toBe('pending');
    await lab.acceptPending(target);
    expect(await lab.keys(target)).toMatchObject([{ status: 'accepted', accepted_by: 'admin' }]);
    const { stdout, exitCode } = await run(await lab.connect(target), 'echo hello');
    expect([stdout.toString(), exitCode]).toEqual(['hello\n', 0]);
    expect(await lab.shown(target)).toMatchObject({
      host_key_status: 'accepted',
      reachable: true,
      last_error: null,
      last_seen_at: expect.any(String) as string,
    });
  });

  it('is blocked when the host key changed, shows both fingerprints, and trusts the new one only when told', async () => {
    const before = sshd.hostKeyFingerprint();
    (await lab.trusted(target)).close();
    await sshd.replaceHostKey();
    const after = sshd.hostKeyFingerprint();
    const blocked = await errorOf(lab.connect(target));
    expect(blocked).toMatchObject({ code: 'host_key_changed', started: false });
    expect(String(blocked)).toContain(before);
    expect(String(blocked)).toContain(after);
    expect((await lab.shown(target)).host_key_status).toBe('changed');
    await lab.acceptPending(target);
    await lab.connect(target);
    expect((await lab.keys(target)).map((key) => `${key.fingerprint} ${key.status}`).sort()).toEqual(
      [`${before} revoked`, `${after} accepted`].sort(),
    );
    expect((await lab.shown(target)).host_key_status).toBe('accepted');
  });

  it('reports a changed key once, and again when the trusted one was seen in between', async () => {
    const { changes } = engine.app.get(Listener, { strict: false });
    const seen = () => changes.filter((change) => change.target_id === own.id);
    const places = { true: temporaryFolder(), false: temporaryFolder() };
    let server = await startSshd({ folder: places.true });
    const { port } = server;
    const become = async (which: keyof typeof places) => {
      await server.stop();
      server = await startSshd({ folder: places[which], port });
    };
    others.push({ ...server, stop: () => server.stop() });
    const own = await lab.target(placeOf(server), {});
    const known = server.hostKeyFingerprint();
    (await lab.trusted(own)).close();
    await become('false');
    const shown = server.hostKeyFingerprint();
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(lab.connect(own)).rejects.toMatchObject({ code: 'host_key_changed' });
    }
    await until(() => seen().length === 1, { description: 'the first report' });
    await become('true');
    (await lab.connect(own)).close();
    await become('false');
    await expect(lab.connect(own)).rejects.toMatchObject({ code: 'host_key_changed' });
    await until(() => seen().length > 1, { description: 'the second report' });
    expect(seen().map((change) => [change.known_fingerprint, change.seen_fingerprint])).toEqual([
      [known, shown],
      [known, shown],
    ]);
  });

  it('is blocked after the trust in its key was taken back, by whom is recorded', async () => {
    await lab.trusted(target);
    const [key] = await lab.keys(target);
    if (key === undefined) throw new Error('no key');
    await lab.judge(target, key, 'revoke');
    expect(await lab.keys(target)).toMatchObject([{ status: 'revoked', revoked_by: 'admin' }]);
    const blocked = await errorOf(lab.connect(target));
    expect(blocked).toMatchObject({ code: 'host_key_changed' });
    expect(String(blocked)).toContain('was revoked');
    expect((await lab.shown(target)).host_key_status).toBe('changed');
    await lab.judge(target, key, 'accept');
    await lab.connect(target);
  });

  it('asks a host with several keys for the one that is known', async () => {
    const folder = temporaryFolder();
    const before = await startSshd({ folder, hostKeyTypes: ['rsa'] });
    const own = await lab.target(placeOf(before));
    (await lab.trusted(own)).close();
    await before.stop();
    // Now it has a key besides that anybody would prefer who knows neither.
    others.push(await startSshd({ folder, port: before.port, hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] }));
    await lab.connect(own);
    expect(await lab.keys(own)).toMatchObject([{ algorithm: 'ssh-rsa', status: 'accepted' }]);
  });

  it.each([
    ['an RSA key with a passphrase', passphrase, 'rsa'],
    ['an ECDSA key', undefined, 'ecdsa'],
    ['an Ed25519 key with a passphrase', passphrase, 'ed25519'],
  ] as const)('signs in with %s', async (_what, phrase, type) => {
    const pair = generateSshKey(type, phrase);
    const server = await startSshd({ authorizedKeys: [pair.public] });
    others.push(server);
    const credential = { kind: 'ssh_key' as const, secret: pair.private, passphrase: phrase };
    const session = await lab.trusted(await lab.target({ ...placeOf(server), credential }));
    expect((await run(session, 'echo in')).stdout.toString()).toBe('in\n');
  });

  const noUser = whyNoThrowAwayUser();
  it.skipIf(noUser !== null)(`signs in with a password (${noUser ?? 'as root'})`, async () => {
    const server = await startSshd({ password: true });
    others.push(server);
    const credential = { kind: 'password' as const, secret: server.password ?? '' };
    const session = await lab.trusted(await lab.target({ ...placeOf(server), credential }));
    expect((await run(session, 'id -un')).stdout.toString()).toBe(`${server.username}\n`);
    const wrong = { kind: 'password' as const, secret: 'not it' };
    const refused = await lab.target({ ...placeOf(server), credential: wrong });
    await expect(lab.trusted(refused)).rejects.toMatchObject({ code: 'login_refused' });
  });

  it('says that the sign-in was refused when the key is another one', async () => {
    const secret = generateSshKey('ed25519').private;
    const other = await lab.target({ ...placeOf(sshd), credential: { kind: 'ssh_key', secret } });
    const refused = await errorOf(lab.trusted(other));
    expect(refused).toMatchObject({ code: 'login_refused', started: false });
    expect(String(refused)).toContain('Nothing was run');
    expect(await lab.shown(other)).toMatchObject({
      reachable: true,
      last_error: expect.stringContaining('refused the sign-in') as string,
    });
  });

  it('is not tried for a while after a host was away several times; a check by a person is, and ends that', async () => {
    (await lab.trusted(target)).close();
    await sshd.stop();
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(lab.connect(target)).rejects.toMatchObject({ code: 'unreachable' });
    }
    await expect(lab.connect(target)).rejects.toThrow('could not be reached several times;');
    expect(await lab.shown(target)).toMatchObject({
      reachable: false,
      last_error: expect.stringContaining('nothing listens') as string,
    });
    expect(stagesOf(await check())).toEqual(['resolve true', 'connect false']);
    sshd = await startSshd({ port: sshd.port });
    expect(stagesOf(await check())).toEqual(['resolve true', 'connect true', 'host_key false']);
    await lab.acceptPending(target);
    // The new server does not know our key: it was asked, so nothing is paused any more.
    await expect(lab.connect(target)).rejects.toMatchObject({ code: 'login_refused' });
  });

  it('is not blamed on the host when it is given up, or the target has no credential', async () => {
    (await lab.trusted(target)).close();
    const before = await lab.shown(target);
    for (let attempt = 0; attempt < 4; attempt++) {
      await expect(lab.connect(target, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    }
    const { name, host, port, username } = target;
    await engine.api('PUT', `/targets/${target.id}`, { body: { name, host, port, username } });
    for (let attempt = 0; attempt < 4; attempt++) {
      await expect(lab.connect(target)).rejects.toMatchObject({ code: 'not_configured' });
    }
    expect(await lab.shown(target)).toMatchObject({
      reachable: true,
      last_error: null,
      last_seen_at: before.last_seen_at,
    });
  });

  it('is checked stage by stage', async () => {
    const first = await check();
    expect(stagesOf(first)).toEqual(['resolve true', 'connect true', 'host_key false']);
    expect(first.stages.at(-1)?.message).toContain('accept it under Targets');
    await lab.acceptPending(target);
    const second = await check();
    expect(stagesOf(second)).toEqual([
      'resolve true',
      'connect true',
      'host_key true',
      'login true',
      'command true',
    ]);
    expect(second.ok).toBe(true);
    expect(await lab.shown(target)).toMatchObject({ reachable: true, last_error: null });
  });

  it('says of a check at which stage a sign-in or a missing credential fails', async () => {
    (await lab.trusted(target)).close();
    const { name, host, port, username } = target;
    const put = (body: object) => engine.api('PUT', `/targets/${target.id}`, { body });
    await put({ name, host, port, username });
    expect(stagesOf(await check())).toEqual(['resolve true', 'connect true', 'login false']);
    await put({ name, host, port, username: 'nobody-of-that-name', credential_id: target.credential_id });
    expect(stagesOf(await check())).toEqual(['resolve true', 'connect true', 'host_key true', 'login false']);
    await put({ name, host: 'no-such-host.invalid', port, username, credential_id: target.credential_id });
    const lost = await check();
    expect(stagesOf(lost)).toEqual(['resolve false']);
    expect(lost.stages[0]?.message).toContain('DNS');
  });
});
