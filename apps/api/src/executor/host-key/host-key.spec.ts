import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  algorithmOrder,
  certificateFacts,
  hostKeyStatus,
  judgeKey,
  judgePresented,
  withCertificates,
  type KnownHostRule,
  type KnownKey,
} from './host-key.js';
import { blobOf, Keygen } from './keygen.fixture.js';
import { readPresented } from './presented-key.js';
import { wireStrings } from './wire.js';

const at = (second: number): Date => new Date(second * 1_000);
const key = (fingerprint: string, status: KnownKey['status'], seen = 0, revoked?: number): KnownKey => ({
  fingerprint,
  status,
  lastSeenAt: at(seen),
  revokedAt: revoked === undefined ? null : at(revoked),
});

const pinned = (fingerprint: string): KnownKey => ({ ...key(fingerprint, 'accepted'), lastSeenAt: null });

describe('judgeKey', () => {
  it('asks about a key as long as none was accepted', () => {
    expect(judgeKey('a', [])).toEqual({ kind: 'unknown' });
    expect(judgeKey('a', [key('a', 'pending')])).toEqual({ kind: 'unknown' });
    expect(judgeKey('a', [key('b', 'revoked')])).toEqual({ kind: 'unknown' });
  });

  it('blocks another key than the accepted one, and says whether that is news and was decided', () => {
    const known = [key('a', 'accepted', 5)];
    const changed = { kind: 'changed', known: ['a'] };
    expect(judgeKey('b', known)).toEqual({ ...changed, news: true, undecided: true });
    expect(judgeKey('b', [...known, key('b', 'pending', 6)])).toMatchObject({ news: false, undecided: true });
    expect(judgeKey('b', [...known, key('b', 'revoked', 6)])).toMatchObject({
      news: false,
      undecided: false,
    });
    expect(judgeKey('b', [...known, key('b', 'revoked', 4)])).toMatchObject({ news: true, undecided: false });
  });

  it('blocks a key that was revoked', () => {
    expect(judgeKey('a', [key('a', 'revoked')])).toEqual({ kind: 'revoked', news: false });
  });

  it('trusts nothing but what a person accepted', () => {
    const status = fc.constantFrom('pending', 'accepted', 'revoked', 'certified');
    const keys = fc.uniqueArray(
      fc
        .tuple(fc.constantFrom('a', 'b', 'c', 'd'), status, fc.nat(9))
        .map(([name, is, seen]) => key(name, is, seen)),
      { selector: (entry) => entry.fingerprint },
    );
    fc.assert(
      fc.property(fc.constantFrom('a', 'b', 'c', 'd', 'e'), keys, (shown, known) => {
        const accepted = known.some((entry) => entry.fingerprint === shown && entry.status === 'accepted');
        expect(judgeKey(shown, known).kind === 'accepted').toBe(accepted);
      }),
    );
  });
});

describe('judgePresented', () => {
  const keygen = new Keygen();
  afterAll(() => keygen.remove());
  const fingerprintOf = (name: string): string =>
    readPresented(blobOf(keygen.read(`${name}.pub`))).fingerprint;
  for (const name of ['ca', 'other-ca', 'host']) keygen.key(name);
  const presented = readPresented(keygen.certify('ca', 'host', '-h', '-n', 'web-1'));
  const plain = readPresented(blobOf(keygen.read('host.pub')));
  const now = new Date();
  const rule = (kind: KnownHostRule['kind'], name: string, hosts = '*'): KnownHostRule => ({
    kind,
    hosts,
    fingerprint: fingerprintOf(name),
  });
  const judge = (rules: KnownHostRule[], keys: KnownKey[] = [], host = 'web-1', shown = presented) =>
    judgePresented(shown, { target: { host, port: 22 }, keys, rules, now });
  const trusted = rule('certificate_authority', 'ca');

  it('trusts without asking what an authority of the host vouches for', () => {
    expect(judge([trusted])).toMatchObject({ kind: 'certified', authority: fingerprintOf('ca') });
    expect(judge([trusted], [key('b', 'accepted')])).toMatchObject({ kind: 'certified' });
    expect(judge([trusted], [], 'web-1', plain)).toEqual({ kind: 'unknown', certificateProblem: null });
  });

  it('falls back to the key itself when the certificate does not count, and says why', () => {
    const own = presented.fingerprint;
    expect(judge([rule('certificate_authority', 'other-ca')])).toMatchObject({
      kind: 'unknown',
      certificateProblem: expect.stringContaining('is not trusted for web-1') as string,
    });
    expect(judge([rule('certificate_authority', 'ca', 'db-*')])).toMatchObject({ kind: 'unknown' });
    expect(judge([trusted], [], 'web-2')).toMatchObject({
      kind: 'unknown',
      certificateProblem: expect.stringContaining('made for web-1, not for web-2') as string,
    });
    expect(judge([trusted], [key(own, 'accepted')], 'web-2')).toMatchObject({ kind: 'accepted' });
    expect(judge([trusted], [key('b', 'accepted')], 'web-2')).toMatchObject({
      kind: 'changed',
      known: ['b'],
    });
  });

  it('takes a certificate that cannot be read for the key inside, and says why', () => {
    const good = keygen.certify('ca', 'host', '-h', '-n', 'web-1');
    const ca = blobOf(keygen.read('ca.pub'));
    // An authority on a security token, of a type that is not supported.
    const token = wireStrings('sk-ssh-ed25519@openssh.com', Buffer.alloc(32), 'ssh:');
    const at = good.indexOf(ca);
    const length = wireStrings(token).subarray(0, 4);
    const odd = Buffer.concat([good.subarray(0, at - 4), length, token, good.subarray(at + ca.length)]);
    const shown = readPresented(odd);
    expect(shown).toMatchObject({ fingerprint: presented.fingerprint, certificate: null });
    expect(judge([trusted], [], 'web-1', shown)).toMatchObject({
      kind: 'unknown',
      certificateProblem: expect.stringContaining('sk-ssh-ed25519@openssh.com are not supported') as string,
    });
  });

  it('refuses a revoked key and a revoked authority, whoever accepted or certified it', () => {
    const own = presented.fingerprint;
    expect(judge([trusted], [key(own, 'revoked')])).toMatchObject({ kind: 'revoked' });
    expect(judge([trusted, rule('revoked', 'host')], [key(own, 'accepted')])).toMatchObject({
      kind: 'revoked',
    });
    expect(judge([trusted, rule('revoked', 'ca')], [key(own, 'accepted')])).toMatchObject({
      kind: 'revoked',
    });
    expect(judge([rule('revoked', 'host')], [key(own, 'accepted')], 'web-1', plain)).toMatchObject({
      kind: 'revoked',
    });
    expect(judge([trusted, rule('revoked', 'host', 'db-*')])).toMatchObject({ kind: 'certified' });
  });

  it('takes a key that an authority once vouched for as known: another one without a certificate has changed', () => {
    expect(judge([trusted], [key('b', 'certified')], 'web-1', plain)).toMatchObject({
      kind: 'changed',
      known: ['b'],
    });
    expect(judge([], [key(plain.fingerprint, 'certified')], 'web-1', plain)).toMatchObject({
      kind: 'unknown',
    });
  });

  it('keeps what the certificate says, to be shown', () => {
    expect(certificateFacts(presented)).toMatchObject({
      authority: fingerprintOf('ca'),
      key_id: 'id of host',
      principals: ['web-1'],
      valid_before: null,
    });
    expect(certificateFacts(plain)).toBeNull();
  });
});

describe('hostKeyStatus', () => {
  it.each([
    ['none', 'nothing was ever seen', []],
    ['accepted', 'a key was pinned and not seen yet', [pinned('a')]],
    ['changed', 'another key than the pinned one was seen', [pinned('a'), key('b', 'pending', 1)]],
    ['accepted', 'an authority vouches for the key', [key('a', 'certified', 2)]],
    ['changed', 'a key came without the certificate', [key('a', 'certified', 2), key('b', 'pending', 3)]],
    ['pending', 'a first key waits', [key('a', 'pending', 1)]],
    ['accepted', 'the accepted key was seen last', [key('a', 'accepted', 2), key('b', 'pending', 1)]],
    ['changed', 'another key was seen last', [key('a', 'accepted', 1), key('b', 'pending', 2)]],
    ['changed', 'a key that was replaced came back', [key('a', 'accepted', 1), key('b', 'revoked', 3, 2)]],
    ['accepted', 'a key was replaced and is gone', [key('a', 'accepted', 1), key('b', 'revoked', 2, 3)]],
    ['none', 'the only key was revoked', [key('a', 'revoked', 1, 2)]],
    ['changed', 'the only key was revoked and still is shown', [key('a', 'revoked', 3, 2)]],
    [
      'pending',
      'a new key waits after the old was revoked',
      [key('a', 'revoked', 1, 2), key('b', 'pending', 3)],
    ],
  ] as const)('is %s when %s', (status, _when, keys) => {
    expect(hostKeyStatus(keys)).toBe(status);
  });
});

describe('algorithmOrder', () => {
  it('offers the same algorithms in any case, those of accepted keys first', () => {
    const all = algorithmOrder([]);
    fc.assert(
      fc.property(fc.subarray([...all, 'ssh-rsa', 'ssh-dss']), (accepted) => {
        const order = algorithmOrder(accepted);
        expect([...order].sort()).toEqual([...all].sort());
        const known = order.filter((name) => accepted.includes(name));
        const first = order.slice(0, known.length);
        if (!accepted.includes('ssh-rsa')) expect(first).toEqual(known);
      }),
    );
    expect(algorithmOrder(['ssh-rsa']).slice(0, 2)).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
  });

  it('asks for certificates before plain keys', () => {
    expect(withCertificates(algorithmOrder(['ssh-rsa'])).slice(0, 2)).toEqual([
      'rsa-sha2-512-cert-v01@openssh.com',
      'rsa-sha2-256-cert-v01@openssh.com',
    ]);
  });

  it('does not offer signatures with SHA-1', () => {
    expect(algorithmOrder(['ssh-rsa'])).not.toContain('ssh-rsa');
  });
});
