import type { KnownHostRuleDto, PageDto, TargetDto } from '@aiops/contracts';
import { generateSshKey, sshdAvailable, startSshd, type Sshd, type SshKeyType } from '@aiops/testing';
import type { AddressInfo } from 'node:net';
import ssh2, { type ParsedKey } from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { certificateOf } from '../host-key/certificate.js';
import { algorithmOrder, withCertificates } from '../host-key/host-key.js';
import { Keygen } from '../host-key/keygen.fixture.js';
import type { PresentedKey } from '../host-key/presented-key.js';
import { sshConnect } from './ssh-connect.js';
import { never, placeOf, run, SshLab } from './ssh-lab.fixture.js';

const fileOf = (type: SshKeyType): string => (type === 'ed25519' ? 'host_key' : `host_key_${type}`);

describe.runIf(sshdAvailable())('host certificates of a real sshd (R1.4)', () => {
  let engine: TestEngine;
  let lab: SshLab;
  let keygen: Keygen;
  let sshd: Sshd | undefined;

  beforeAll(async () => {
    engine = await startTestEngine();
    lab = new SshLab(engine);
  });
  afterAll(() => engine.stop());
  beforeEach(() => {
    keygen = new Keygen();
    keygen.key('ca');
    keygen.key('other-ca');
  });
  afterEach(async () => {
    lab.closeAll();
    await sshd?.stop();
    keygen.remove();
    const { body } = await engine.api<PageDto<KnownHostRuleDto>>('GET', '/known-hosts');
    for (const { id } of body.data) await engine.api('DELETE', `/known-hosts/${id}`);
  });

  /** An sshd whose key has a certificate by `ca`, made with these options. */
  async function certified(
    options: string[],
    type: SshKeyType = 'ed25519',
    config: string[] = [],
  ): Promise<TargetDto> {
    keygen.key(fileOf(type), type);
    keygen.certify('ca', fileOf(type), '-h', ...options);
    sshd = await startSshd({
      folder: keygen.folder,
      hostKeyTypes: [type],
      config: [`HostCertificate ${keygen.path(`${fileOf(type)}-cert.pub`)}`, ...config],
    });
    return lab.target(placeOf(sshd));
  }
  const trust = async (ca = 'ca', hosts = '127.0.0.1') => {
    const rule = { kind: 'certificate_authority', hosts, public_key: keygen.read(`${ca}.pub`) };
    expect((await engine.api('POST', '/known-hosts', { body: rule })).status).toBe(201);
  };
  const revoke = async (name: string) => {
    const rule = { kind: 'revoked', hosts: '*', public_key: keygen.read(`${name}.pub`) };
    expect((await engine.api('POST', '/known-hosts', { body: rule })).status).toBe(201);
  };
  const hello = async (target: TargetDto): Promise<string> =>
    (await run(await lab.connect(target), 'echo hello')).stdout.toString();
  const refusal = async (target: TargetDto): Promise<string> => {
    const error: unknown = await lab.connect(target).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ started: false, code: expect.stringMatching(/host_key/) as string });
    return String(error);
  };

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('of an %s key are trusted without asking', async (type) => {
    await trust();
    const target = await certified(['-n', '127.0.0.1', '-V', '-1d:+1d', '-z', '7'], type);
    expect(await hello(target)).toBe('hello\n');
    expect(await lab.keys(target)).toMatchObject([
      {
        status: 'certified',
        accepted_by: null,
        fingerprint: sshd?.hostKeyFingerprint(type),
        certificate: { key_id: `id of ${fileOf(type)}`, serial: '7', principals: ['127.0.0.1'] },
      },
    ]);
    expect((await lab.shown(target)).host_key_status).toBe('accepted');
  });

  it.each([
    'curve25519-sha256',
    'ecdh-sha2-nistp384',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
  ])('hold in a key exchange by %s', async (method) => {
    await trust();
    const target = await certified(['-n', '127.0.0.1'], 'ed25519', [`KexAlgorithms ${method}`]);
    expect(await hello(target)).toBe('hello\n');
  });

  it('hold when the keys of a connection are renewed in the middle of it', async () => {
    await trust();
    const target = await certified(['-n', '127.0.0.1'], 'rsa', ['RekeyLimit 64K']);
    const { stdout } = await run(await lab.connect(target), 'head -c 1000000 /dev/zero');
    expect(stdout.length).toBe(1_000_000);
  });

  it('by an authority that is not trusted, or for other hosts, are no more than the key inside', async () => {
    await trust('other-ca');
    await trust('ca', 'elsewhere.example');
    const target = await certified(['-n', '127.0.0.1']);
    const told = await refusal(target);
    expect(told).toContain('is not trusted for 127.0.0.1');
    expect(told).toContain('nobody has accepted yet');
    expect(await lab.keys(target)).toMatchObject([{ status: 'pending' }]);
    await lab.acceptPending(target);
    expect(await hello(target)).toBe('hello\n');
  });

  it.each([
    ['for another host', ['-n', 'web-1.example'], 'made for web-1.example, not for 127.0.0.1'],
    ['for no host', [], 'made for no host at all'],
    ['that expired', ['-n', '127.0.0.1', '-V', '-2d:-1d'], 'it expired on'],
    ['not valid yet', ['-n', '127.0.0.1', '-V', '+1d:+2d'], 'it is not valid before'],
    ['with an option that is not known', ['-n', '127.0.0.1', '-O', 'critical:x@example=1'], 'x@example'],
  ])('%s are not believed, and the refusal says why', async (_what, options, why) => {
    await trust();
    const target = await certified(options);
    expect(await refusal(target)).toContain(why);
    expect(await lab.keys(target)).toMatchObject([{ status: 'pending' }]);
  });

  it('are asked for where an authority is trusted, and only there', async () => {
    const target = await certified(['-n', '127.0.0.1']);
    expect(await refusal(target)).not.toContain('certificate');
    expect(await lab.keys(target)).toMatchObject([{ status: 'pending', certificate: null }]);
    await trust();
    expect(await hello(target)).toBe('hello\n');
    expect(await lab.keys(target)).toMatchObject([{ status: 'certified' }]);
  });

  it('do not help a key or an authority that was revoked', async () => {
    await trust();
    const target = await certified(['-n', '127.0.0.1']);
    await hello(target);
    await revoke(fileOf('ed25519'));
    expect(await refusal(target)).toContain('was revoked');
    expect(await lab.keys(target)).toMatchObject([{ status: 'revoked' }]);
    const [rule] = (await engine.api<PageDto<KnownHostRuleDto>>('GET', '/known-hosts?sort=-created_at')).body
      .data;
    await engine.api('DELETE', `/known-hosts/${rule?.id ?? ''}`);
    await revoke('ca');
    const second = await lab.target(placeOf(sshd as Sshd));
    expect(await refusal(second)).toContain('in a certificate of the authority');
  });

  it('leave nothing behind when the trust in their authority ends', async () => {
    await trust();
    const target = await certified(['-n', '127.0.0.1']);
    await hello(target);
    const [rule] = (await engine.api<PageDto<KnownHostRuleDto>>('GET', '/known-hosts')).body.data;
    await engine.api('DELETE', `/known-hosts/${rule?.id ?? ''}`);
    expect((await lab.shown(target)).host_key_status).toBe('pending');
    expect(await refusal(target)).toContain('nobody has accepted yet');
  });

  it('of another host are of no use to whoever does not have its key', async () => {
    await trust();
    keygen.key('victim');
    const certificate = keygen.certify('ca', 'victim', '-h', '-n', '127.0.0.1');
    const honest = await impostor(certificate, keygen.read('victim'));
    const thief = await impostor(certificate, generateSshKey('ed25519').private);
    // The impostor is a good server when it has the key: so it is the missing key that the other one fails by.
    expect(await outcomeOf(honest)).toBe('connected');
    expect(await outcomeOf(thief)).toContain('signature verification failed');
    honest.close();
    thief.close();
  });
});

interface KeyExchange {
  negotiated: { serverHostKey: string };
}

/** A server that shows `certificate` and signs with a key of its own; ssh2's server does neither by itself. */
async function impostor(certificate: Buffer, privateKey: string): Promise<ssh2.Server> {
  const own = ssh2.utils.parseKey(privateKey) as ParsedKey;
  const sign = own.sign.bind(own);
  let exchange = (): KeyExchange | undefined => undefined;
  Object.assign(own, {
    type: certificateOf('ssh-ed25519'),
    getPublicSSH: () => certificate,
    sign: (data: Buffer) => {
      // The signature is called by the algorithm of the key, as PROTOCOL.certkeys wants it.
      const { negotiated } = exchange() ?? {};
      if (negotiated !== undefined) negotiated.serverHostKey = 'ssh-ed25519';
      return sign(data);
    },
  });
  const hostKeys = [{ key: own }] as unknown as ssh2.ServerConfig['hostKeys'];
  const server = new ssh2.Server({ hostKeys }, (client) => {
    const { _protocol } = client as unknown as { _protocol: { _kex: KeyExchange | undefined } };
    exchange = () => _protocol._kex;
    client.on('error', () => undefined);
    client.on('authentication', (context) => context.accept());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

function outcomeOf(server: ssh2.Server): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const now = new Date();
  let shown: PresentedKey | undefined;
  return sshConnect({
    target: {
      ...{ id: '01890000-0000-7000-8000-000000000000', name: 'web-1', kind: 'ssh', host: '127.0.0.1', port },
      ...{ username: 'operator', shell: 'posix', labels: {}, credentialId: null, reachable: null },
      ...{ lastSeenAt: null, lastError: null, createdAt: now, updatedAt: now },
    },
    credential: { kind: 'password', secret: 'open sesame', passphrase: undefined },
    hostKeyAlgorithms: withCertificates(algorithmOrder([])),
    verify: (key) => {
      shown = key;
      return Promise.resolve(null);
    },
    signal: never,
  }).then(
    (client) => {
      client.end();
      expect(shown?.certificate).not.toBeNull();
      return 'connected';
    },
    (error: unknown) => String(error),
  );
}
