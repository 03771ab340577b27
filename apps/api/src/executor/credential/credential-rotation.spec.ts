import type { AuditEntryDto, CredentialDto, CredentialRotation, PageDto, Problem } from '@aiops/contracts';
import { generateSshKey, sshdAvailable, startSshd, type Sshd } from '@aiops/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { placeOf, SshLab } from '../ssh/ssh-lab.fixture.js';
import { SecretReader } from './secret.reader.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ CREDENTIAL_MAX_AGE_DAYS: '30', CREDENTIAL_STALE_POLICY: 'block' });
});
afterAll(() => engine.stop());

const secretOf = async (name: string): Promise<string | undefined> =>
  (await engine.app.get(SecretReader, { strict: false }).values([name]))[name];
const entries = async (action: string, id: string) =>
  (await engine.api<PageDto<AuditEntryDto>>('GET', `/audit-log?action=${action}&subject_id=${id}`)).body.data;

async function password(name: string): Promise<CredentialDto> {
  const body = { name, kind: 'password', secret: `the secret of ${name}` };
  return (await engine.api<CredentialDto>('POST', '/credentials', { body })).body;
}

describe('the secret of a credential', () => {
  it('is shown to an administrator who says why, and the audit log has it', async () => {
    const { id, name } = await password('shown');
    const reveal = (body: object, token?: string) =>
      engine.api<{ secrets: Record<string, string> }>('POST', `/credentials/${id}/reveal`, {
        body,
        ...(token && { token }),
      });
    expect((await reveal({})).status).toBe(400);
    const shown = await reveal({ reason: 'The host is only reachable by hand' });
    expect(shown.body).toEqual({ secrets: { secret: `the secret of ${name}` } });
    expect(shown.headers.get('cache-control')).toBe('no-store');
    const [entry] = await entries('credential.revealed', id);
    expect(entry).toMatchObject({ reason: 'The host is only reachable by hand', actor: { name: 'admin' } });
    expect(JSON.stringify(entry)).not.toContain('the secret of');
  });

  it('is not used any more once it is too old, until it is rotated', async () => {
    const { id, name } = await password('aged');
    await engine.app
      .get(DataSource)
      .query(`UPDATE credentials SET last_rotated_at = now() - interval '31 days' WHERE id = $1`, [id]);
    const read = await engine.api<CredentialDto>('GET', `/credentials/${id}`);
    expect(read.body).toMatchObject({ health: 'stale', age_days: 31 });
    await expect(secretOf(name)).rejects.toThrow(/"aged" is 31 days old.*Rotate it/);
    const rotated = await engine.api<CredentialRotation>('POST', `/credentials/${id}/rotate`, {
      body: { secret: 'a new one', reason: 'It was too old' },
    });
    expect(rotated.body).toMatchObject({ credential: { health: 'ok', age_days: 0 }, tests: [] });
    expect(await secretOf(name)).toBe('a new one');
    expect((await entries('credential.rotated', id))[0]).toMatchObject({ reason: 'It was too old' });
  });
});

describe.runIf(sshdAvailable())('a rotation', () => {
  let sshd: Sshd;
  let lab: SshLab;
  const other = generateSshKey('ed25519');
  beforeAll(async () => {
    sshd = await startSshd();
    lab = new SshLab(engine);
  });
  afterAll(async () => {
    lab.closeAll();
    await sshd.stop();
  });

  it('changes nothing while a target does not take the new key, and says which and why', async () => {
    const target = await lab.target(placeOf(sshd));
    await lab.trusted(target);
    const id = target.credential_id ?? '';
    const before = await engine.api<CredentialDto>('GET', `/credentials/${id}`);
    const refused = await engine.api<Problem>('POST', `/credentials/${id}/rotate`, {
      body: { secret: other.private },
    });
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toContain('1 of 1 targets did not take the new secret');
    expect(refused.body.errors?.[0]?.field).toBe(`targets.${target.name}`);
    expect((await engine.api<CredentialDto>('GET', `/credentials/${id}`)).body).toEqual(before.body);

    const same = await engine.api<CredentialRotation>('POST', `/credentials/${id}/rotate`, {
      body: { secret: sshd.privateKey },
    });
    expect(same.body.tests).toMatchObject([{ target: target.name, ok: true }]);

    const forced = await engine.api<CredentialRotation>('POST', `/credentials/${id}/rotate`, {
      body: { secret: other.private, force: true },
    });
    expect(forced.body.tests).toMatchObject([{ target: target.name, ok: false }]);
    expect(forced.body.credential.fingerprint).not.toBe(before.body.fingerprint);
  });
});
