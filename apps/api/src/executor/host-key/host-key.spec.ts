import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { generateSshKey } from '@aiops/testing';
import { describe, expect, it } from 'vitest';
import { algorithmOrder, describeKey, hostKeyStatus, judgeKey, type KnownKey } from './host-key.js';

const at = (second: number): Date => new Date(second * 1_000);
const key = (fingerprint: string, status: KnownKey['status'], seen = 0, revoked?: number): KnownKey => ({
  fingerprint,
  status,
  lastSeenAt: at(seen),
  revokedAt: revoked === undefined ? null : at(revoked),
});

describe('describeKey', () => {
  it.each([
    ['ed25519', 'ssh-ed25519'],
    ['ecdsa', 'ecdsa-sha2-nistp256'],
    ['rsa', 'ssh-rsa'],
  ] as const)('names an %s key as OpenSSH does', (type, algorithm) => {
    const pair = generateSshKey(type);
    const described = describeKey(Buffer.from(pair.public.split(' ')[1] ?? '', 'base64'));
    expect(described.algorithm).toBe(algorithm);
    const shown = execFileSync('ssh-keygen', ['-l', '-f', '-'], { input: pair.public, encoding: 'utf8' });
    expect(shown).toContain(` ${described.fingerprint} `);
  });
});

describe('judgeKey', () => {
  it('asks about a key as long as none was accepted', () => {
    expect(judgeKey('a', [])).toEqual({ kind: 'unknown' });
    expect(judgeKey('a', [key('a', 'pending')])).toEqual({ kind: 'unknown' });
    expect(judgeKey('a', [key('b', 'revoked')])).toEqual({ kind: 'unknown' });
  });

  it('blocks another key than the accepted one, and says whether that is news', () => {
    const known = [key('a', 'accepted', 5)];
    expect(judgeKey('b', known)).toEqual({ kind: 'changed', known: ['a'], news: true });
    expect(judgeKey('b', [...known, key('b', 'pending', 6)])).toMatchObject({ news: false });
    expect(judgeKey('b', [...known, key('b', 'revoked', 4)])).toMatchObject({ kind: 'changed', news: true });
  });

  it('blocks a key that was revoked', () => {
    expect(judgeKey('a', [key('a', 'revoked')])).toEqual({ kind: 'revoked' });
  });

  it('trusts nothing but what a person accepted', () => {
    const status = fc.constantFrom('pending' as const, 'accepted' as const, 'revoked' as const);
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

describe('hostKeyStatus', () => {
  it.each([
    ['none', 'nothing was ever seen', []],
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

  it('does not offer signatures with SHA-1', () => {
    expect(algorithmOrder(['ssh-rsa'])).not.toContain('ssh-rsa');
  });
});
