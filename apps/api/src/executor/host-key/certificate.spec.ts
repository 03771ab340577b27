import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateFlaw, readCertificate, timeOf } from './certificate.js';
import { blobOf, Keygen } from './keygen.fixture.js';
import { readPublicKey } from './public-key.js';
import { WireError } from './wire.js';

const keygen = new Keygen();
beforeAll(() => {
  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
    keygen.key(`ca-${type}`, type);
    keygen.key(`host-${type}`, type);
  }
});
afterAll(() => keygen.remove());

const now = new Date();
const certify = (...options: string[]): Buffer => keygen.certify('ca-ed25519', 'host-ed25519', ...options);
const flawOf = (host: string, ...options: string[]): string | null =>
  certificateFlaw(readCertificate(certify(...options)), host, now);

describe('a host certificate of ssh-keygen', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('of an %s key is read, by any kind of authority', (type) => {
    for (const authority of ['ed25519', 'ecdsa', 'rsa']) {
      const blob = keygen.certify(
        `ca-${authority}`,
        `host-${type}`,
        '-h',
        '-n',
        'web-1.example,10.0.0.7',
        '-z',
        '42',
        '-V',
        '20260101000000Z:20360101000000Z',
      );
      const certificate = readCertificate(blob);
      expect(certificate.key.fingerprint).toBe(
        readPublicKey(blobOf(keygen.read(`host-${type}.pub`))).fingerprint,
      );
      expect(certificate.authority.fingerprint).toBe(
        readPublicKey(blobOf(keygen.read(`ca-${authority}.pub`))).fingerprint,
      );
      expect(certificate).toMatchObject({
        serial: 42n,
        keyId: `id of host-${type}`,
        principals: ['web-1.example', '10.0.0.7'],
        criticalOptions: [],
      });
      expect(timeOf(certificate.validAfter)).toBe('2026-01-01T00:00:00.000Z');
      expect(certificateFlaw(certificate, 'WEB-1.example', now)).toBeNull();
      expect(certificateFlaw(certificate, '10.0.0.7', now)).toBeNull();
    }
  });

  it('counts for the hosts that it names alone, wildcards included', () => {
    expect(flawOf('web-2.example', '-h', '-n', 'web-1.example')).toContain(
      'made for web-1.example, not for web-2',
    );
    expect(flawOf('web-1.example.org', '-h', '-n', 'web-1.example')).toContain('not for');
    expect(flawOf('web-2.example', '-h', '-n', '*.example')).toBeNull();
    expect(flawOf('web-2.example', '-h')).toContain('made for no host at all');
  });

  it('counts while it is valid, from the first second on and not at the last', () => {
    expect(flawOf('a', '-h', '-n', 'a', '-V', '-2d:-1d')).toContain('it expired on');
    expect(flawOf('a', '-h', '-n', 'a', '-V', '+1d:+2d')).toContain('not valid before');
    expect(flawOf('a', '-h', '-n', 'a', '-V', 'always:forever')).toBeNull();
    const certificate = readCertificate(certify('-h', '-n', 'a', '-V', '20260101000000Z:20270101000000Z'));
    const at = (time: string) => certificateFlaw(certificate, 'a', new Date(time));
    expect(at('2025-12-31T23:59:59.999Z')).toContain('not valid before 2026-01-01');
    expect(at('2026-01-01T00:00:00.000Z')).toBeNull();
    expect(at('2026-12-31T23:59:59.999Z')).toBeNull();
    expect(at('2027-01-01T00:00:00.000Z')).toContain('expired on 2027-01-01');
  });

  it('is none when it was made for a user, or asks for more than is known', () => {
    expect(flawOf('a', '-n', 'a')).toContain('of a user');
    expect(flawOf('a', '-h', '-n', 'a', '-O', 'critical:shape@example.org=round')).toContain(
      'shape@example.org',
    );
    expect(flawOf('a', '-h', '-n', 'a', '-O', 'extension:shape@example.org=round')).toBeNull();
  });

  it('does not survive a single changed bit: it is another one, or none at all', () => {
    const good = certify('-h', '-n', 'a');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ (1 << bit);
        let flaw: string | null;
        try {
          flaw = certificateFlaw(readCertificate(bad), 'a', now);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
          return;
        }
        expect(flaw).toBe('its signature is not that of its authority');
      }),
      { numRuns: 500 },
    );
  });

  it('is refused when it was cut off, or something was added', () => {
    const good = certify('-h', '-n', 'a');
    for (let length = 0; length < good.length; length++) {
      expect(() => readCertificate(good.subarray(0, length))).toThrow(WireError);
    }
    expect(() => readCertificate(Buffer.concat([good, Buffer.from([1])]))).toThrow('something follows');
  });
});
