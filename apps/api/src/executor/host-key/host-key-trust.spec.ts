import type {
  AlertDto,
  AlertTimelineEntryDto,
  HostKeyDto,
  KnownHostRuleDto,
  KnownHostsPlanDto,
  PageDto,
  Problem,
  TargetDto,
} from '@aiops/contracts';
import { sshdAvailable, startSshd, until, type Sshd } from '@aiops/testing';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { placeOf, run, SshLab } from '../ssh/ssh-lab.fixture.js';
import { Keygen } from './keygen.fixture.js';

describe.runIf(sshdAvailable())('trust in host keys (R1.4)', () => {
  let engine: TestEngine;
  let lab: SshLab;
  let folder: string;
  let sshd: Sshd;
  let target: TargetDto;
  const keygen = new Keygen();

  beforeAll(async () => {
    engine = await startTestEngine();
    lab = new SshLab(engine);
  });
  afterAll(async () => {
    keygen.remove();
    await engine.stop();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aiops-host-key-'));
    sshd = await startSshd({ folder });
    target = await lab.target(placeOf(sshd));
  });
  afterEach(async () => {
    lab.closeAll();
    await sshd.stop();
    rmSync(folder, { recursive: true });
  });

  const publicKey = (name = 'host_key'): string =>
    readFileSync(join(folder, `${name}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');
  const pin = (key: string) =>
    engine.api<HostKeyDto & Pick<Problem, 'errors' | 'detail'>>('POST', `/targets/${target.id}/host-keys`, {
      body: { key },
    });
  const hello = async (): Promise<string> =>
    (await run(await lab.connect(target), 'echo hello')).stdout.toString();
  const blocked = async (code: string): Promise<string> => {
    const error: unknown = await lab.connect(target).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, started: false });
    return String(error);
  };
  const states = async (): Promise<string[]> =>
    (await lab.keys(target)).map((key) => `${key.fingerprint} ${key.status}`).sort();
  const alert = async (): Promise<AlertDto | undefined> =>
    (
      await engine.api<PageDto<AlertDto>>(
        'GET',
        `/alerts?alert_name=SshHostKeyChanged&label.target_id=${target.id}&sort=-created_at`,
      )
    ).body.data[0];
  const alertIs = (status: AlertDto['status']) =>
    until(async () => ((await alert())?.status === status ? await alert() : undefined), {
      description: `the alert to be ${status}`,
    });

  describe('pinned beforehand', () => {
    it.each([
      ['a public key line', () => `${publicKey()} root@host`],
      ['a fingerprint', () => sshd.hostKeyFingerprint()],
      ['what ssh-keygen -l prints', () => keygen.run('-l', '-f', join(folder, 'host_key.pub'))],
    ])('by %s connects at once, and the key is stored', async (_what, text) => {
      const made = await pin(text());
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({
        status: 'accepted',
        origin: 'pinned',
        fingerprint: sshd.hostKeyFingerprint(),
        accepted_by: 'admin',
        first_seen_at: null,
        last_seen_at: null,
      });
      expect((await lab.shown(target)).host_key_status).toBe('accepted');
      expect(await hello()).toBe('hello\n');
      expect(await lab.keys(target)).toMatchObject([
        {
          status: 'accepted',
          origin: 'pinned',
          algorithm: 'ssh-ed25519',
          public_key: publicKey(),
          last_seen_at: expect.any(String) as string,
        },
      ]);
    });

    it('blocks the first contact already when the host has another key', async () => {
      await pin('SHA256:X8YxCCRiG8vrLIcSzyO8pWHKtB4u6tXzj5w76hfWRBo');
      expect(await blocked('host_key_changed')).toContain(sshd.hostKeyFingerprint());
      expect((await lab.shown(target)).host_key_status).toBe('changed');
    });

    it('is what the host is asked for, although it would rather show another of its keys', async () => {
      await sshd.stop();
      sshd = await startSshd({ folder, port: sshd.port, hostKeyTypes: ['ed25519', 'ecdsa'] });
      // The fingerprint alone does not say of which type the key is.
      await pin(sshd.hostKeyFingerprint('ecdsa'));
      expect(await hello()).toBe('hello\n');
      expect(await states()).toEqual([`${sshd.hostKeyFingerprint('ecdsa')} accepted`]);
      expect(await alert()).toBeUndefined();
    });

    it('accepts a key that waits, and makes a new one known before its time', async () => {
      await blocked('unknown_host_key');
      await pin(publicKey());
      await hello();
      await sshd.replaceHostKey();
      const next = publicKey();
      await pin(next);
      expect(await hello()).toBe('hello\n');
      expect((await lab.keys(target)).map(({ status }) => status)).toEqual(['accepted', 'accepted']);
      expect(await alert()).toBeUndefined();
    });

    it('is refused for what is no key, for a target without SSH, and for a key that was revoked', async () => {
      const refused = await pin('hello');
      expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([400, 'key']);
      const { body: http } = await engine.api<TargetDto>('POST', '/targets', {
        body: { name: `http-${target.name}`, kind: 'http', host: 'shop.example', port: 443 },
      });
      const there = await engine.api('POST', `/targets/${http.id}/host-keys`, { body: { key: publicKey() } });
      expect(there.status).toBe(400);
      const made = await pin(publicKey());
      await lab.judge(target, made.body, 'revoke');
      const again = await pin(publicKey());
      expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('was revoked')]);
      await blocked('host_key_changed');
    });
  });

  describe('that changed', () => {
    /** A channel that hears of critical alerts; that nothing answers there is of no account here. */
    const subscribe = async () => {
      const config = {
        kind: 'webhook',
        url: 'https://127.0.0.1:1/',
        signing_secret: 'a secret of the tests',
      };
      const channel = await engine.api<{ id: string }>('POST', '/notification-channels', {
        body: { name: 'pager', config },
      });
      const policy = {
        name: 'critical',
        severities: ['critical'],
        events: ['alert.fired', 'alert.resolved'],
      };
      const made = await engine.api('POST', '/notification-policies', {
        body: { ...policy, channel_ids: [channel.body.id] },
      });
      expect(made.status).toBe(201);
    };
    const notified = (alertId: string, event: string) =>
      until(
        async () => {
          const path = `/notifications?alert_id=${alertId}`;
          const { body } = await engine.api<PageDto<{ event: string }>>('GET', path);
          return body.data.some((notification) => notification.event === event);
        },
        { description: `${event} to be sent` },
      );

    it('blocks, raises an alert with both fingerprints, and recovers when a person accepts the new one', async () => {
      await subscribe();
      await lab.trusted(target);
      const before = sshd.hostKeyFingerprint();
      await sshd.replaceHostKey();
      const after = sshd.hostKeyFingerprint();
      const told = await blocked('host_key_changed');
      expect([told.includes(before), told.includes(after)]).toEqual([true, true]);
      const raised = await alertIs('firing');
      expect(raised).toMatchObject({
        source: 'aiops',
        severity: 'critical',
        labels: { instance: target.name, target_id: target.id },
        annotations: { known_fingerprint: before, seen_fingerprint: after },
      });
      await notified(raised.id, 'alert.fired');
      // Each further attempt is counted on the same alert.
      await blocked('host_key_changed');
      await until(async () => (await alert())?.occurrences === 2, {
        description: 'the second attempt to count',
      });
      const keys = await lab.keys(target);
      expect(keys.map(({ randomart }) => randomart.split('\n').length)).toEqual([11, 11]);
      await lab.acceptPending(target);
      expect(await hello()).toBe('hello\n');
      const resolved = await alertIs('resolved');
      await notified(resolved.id, 'alert.resolved');
      const timeline = await engine.api<PageDto<AlertTimelineEntryDto>>(
        'GET',
        `/alerts/${resolved.id}/timeline`,
      );
      expect(timeline.body.data.at(-1)).toMatchObject({
        kind: 'resolved',
        actor: { kind: 'user', name: 'admin' },
        summary: expect.stringContaining(`accepted the host key ${after}`) as string,
      });
      expect(await states()).toEqual([`${before} revoked`, `${after} accepted`].sort());
    });

    it('stays blocked when a person refuses the new key: the alert is over, and comes again with news', async () => {
      const known = join(folder, 'known');
      await lab.trusted(target);
      await sshd.stop();
      const { port } = sshd;
      const become = async (where: string) => {
        await sshd.stop();
        sshd = await startSshd({ folder: where, port });
      };
      const key = (await lab.keys(target))[0];
      const user = placeOf(sshd);
      await become(known);
      expect(key?.fingerprint).not.toBe(sshd.hostKeyFingerprint());
      await blocked('host_key_changed');
      await alertIs('firing');
      const offered = (await lab.keys(target)).find(({ status }) => status === 'pending');
      if (offered === undefined) throw new Error('no key is offered');
      await lab.judge(target, offered, 'revoke');
      await alertIs('resolved');
      await blocked('host_key_changed');
      expect((await lab.shown(target)).host_key_status).toBe('changed');
      expect((await alert())?.status).toBe('resolved');
      await become(folder);
      expect(placeOf(sshd).credential).toEqual(user.credential);
      expect(await hello()).toBe('hello\n');
      await become(known);
      await blocked('host_key_changed');
      await alertIs('firing');
    });

    it('is no alarm any more when the target is removed or moves', async () => {
      await lab.trusted(target);
      await sshd.replaceHostKey();
      await blocked('host_key_changed');
      await alertIs('firing');
      await engine.api('DELETE', `/targets/${target.id}`);
      await alertIs('resolved');
    });
  });

  describe('in known_hosts', () => {
    const preview = async (content: string) =>
      (await engine.api<KnownHostsPlanDto>('POST', '/known-hosts/preview', { body: { content } })).body;
    const imported = async (content: string) =>
      (await engine.api<KnownHostsPlanDto>('POST', '/known-hosts/import', { body: { content } })).body;
    const rules = async () =>
      (await engine.api<PageDto<KnownHostRuleDto>>('GET', '/known-hosts?page_size=200')).body.data;
    const removeRules = async () => {
      for (const { id } of await rules()) await engine.api('DELETE', `/known-hosts/${id}`);
    };
    afterEach(removeRules);
    const place = (): string => `[${sshd.host}]:${sshd.port}`;

    it('previews without doing anything, imports what it showed, and has nothing to do the second time', async () => {
      keygen.write('known_hosts', `${place()} ${publicKey()}\n`);
      keygen.run('-H', '-f', 'known_hosts');
      const content = `# ours\n${keygen.read('known_hosts')}\nnonsense\n`;
      const shown = await preview(content);
      expect(shown.lines.map(({ action }) => action)).toEqual(['ignored', 'pin', 'invalid']);
      expect(shown.lines[1]?.targets).toEqual([{ id: target.id, name: target.name, effect: 'pin' }]);
      expect(shown.counts).toMatchObject({ pin: 1, invalid: 1, ignored: 1, revoke: 0 });
      expect(await lab.keys(target)).toEqual([]);
      expect(await imported(content)).toEqual(shown);
      expect(await lab.keys(target)).toMatchObject([{ status: 'accepted', origin: 'imported' }]);
      expect(await hello()).toBe('hello\n');
      expect((await imported(content)).lines[1]).toMatchObject({ action: 'unchanged' });
    });

    it('revokes a key everywhere that it was accepted, and where it is shown later', async () => {
      await lab.trusted(target);
      const line = `@revoked * ${publicKey()}`;
      expect((await preview(line)).lines[0]).toMatchObject({
        action: 'revoke',
        targets: [{ name: target.name, effect: 'revoke' }],
      });
      await imported(line);
      expect(await lab.keys(target)).toMatchObject([{ status: 'revoked' }]);
      await blocked('host_key_changed');
      const [key] = await lab.keys(target);
      const accepted = await engine.api<Problem>(
        'POST',
        `/targets/${target.id}/host-keys/${key?.id ?? ''}/accept`,
      );
      expect([accepted.status, accepted.body.detail]).toEqual([
        409,
        expect.stringContaining('revoked for *'),
      ]);
      const later = await lab.target(placeOf(sshd));
      expect(String(await lab.connect(later).catch((error: unknown) => error))).toContain('was revoked');
      expect(await lab.keys(later)).toMatchObject([{ status: 'revoked' }]);
      await until(
        async () =>
          (await engine.api<PageDto<AlertDto>>('GET', `/alerts?label.target_id=${later.id}&status=firing`))
            .body.data.length === 1,
        { description: 'an alert about the revoked key' },
      );
    });

    it('is one file for people with the right to change targets, and says what is wrong with a rule', async () => {
      const wrong = await engine.api<Problem>('POST', '/known-hosts', {
        body: { kind: 'revoked', hosts: '*', public_key: 'ssh-ed25519 AAAA' },
      });
      expect([wrong.status, wrong.body.errors?.[0]?.field]).toEqual([400, 'public_key']);
      const rule = { kind: 'certificate_authority', hosts: '*.example', public_key: `${publicKey()} our CA` };
      const made = await engine.api<KnownHostRuleDto>('POST', '/known-hosts', { body: rule });
      expect(made.body).toMatchObject({
        kind: 'certificate_authority',
        hosts: '*.example',
        comment: 'our CA',
      });
      expect((await engine.api('POST', '/known-hosts', { body: rule })).status).toBe(409);
      const list = await engine.api<PageDto<object>>('GET', '/known-hosts?fields=hosts,kind');
      expect(list.body.data).toEqual([{ hosts: '*.example', kind: 'certificate_authority' }]);
      expect((await engine.api('DELETE', `/known-hosts/${made.body.id}`)).status).toBe(204);
      expect(await rules()).toEqual([]);
    });
  });
});
