import { connect, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf, type AddressKind } from './address-kind.js';

const known: [string, AddressKind][] = [
  ['8.8.8.8', 'public'],
  ['172.15.255.255', 'public'],
  ['172.32.0.1', 'public'],
  ['2606:4700::1111', 'public'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd12:3456::1', 'private'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['::1', 'loopback'],
  ['169.254.0.1', 'link-local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['febf::1', 'link-local'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['::', 'unspecified'],
  ['224.0.0.1', 'multicast'],
  ['ff02::1', 'multicast'],
  ['255.255.255.255', 'reserved'],
  ['240.0.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['fec0::1', 'reserved'],
  ['4000::1', 'reserved'],
  // Teredo, IPv4-compatible and IPv4-translated addresses, and NAT64 prefixes of a site (RFC 8215).
  ['2001::7f00:1', 'reserved'],
  ['::127.0.0.1', 'reserved'],
  ['::ffff:0:127.0.0.1', 'reserved'],
  ['64:ff9b:1::127.0.0.1', 'reserved'],
  ['64:ff9b:1::8.8.8.8', 'reserved'],
  ['::8.8.8.8', 'reserved'],
  ['169.254.169.254', 'metadata'],
  ['169.254.170.2', 'metadata'],
  ['168.63.129.16', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['fd00:ec2::254', 'metadata'],
  ['fd00:0ec2:0:0:0:0:0:254%1', 'metadata'],
];

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
type Octets = [number, number, number, number];
const dotted = (four: Octets): string => four.join('.');
const groups = ([a, b, c, d]: Octets): string =>
  `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;

describe('an address', () => {
  it.each(known)('%s is %s', (address, kind) => {
    expect(kindOf(address)).toBe(kind);
  });

  it('is the same in every IPv6 form that carries it', () => {
    fc.assert(
      fc.property(octets, fc.stringMatching(/^[a-z0-9]{1,8}$/), (four, zone) => {
        const kind = kindOf(dotted(four));
        for (const form of [
          `::ffff:${dotted(four)}`,
          `::FFFF:${groups(four)}`,
          `0:0:0:0:0:ffff:${groups(four)}`,
          `::ffff:${dotted(four)}%${zone}`,
          `64:ff9b::${dotted(four)}`,
          `64:ff9b::${groups(four)}`,
          `2002:${groups(four)}::1`,
          `2002:${groups(four)}:0:0:0:0:${four[0].toString(16)}`,
        ]) {
          expect([form, kindOf(form)]).toEqual([form, kind]);
        }
      }),
    );
  });

  it('is the same in every spelling that a URL may have', () => {
    const spelling = fc.constantFrom(
      (part: number) => String(part),
      (part: number) => `0x${part.toString(16)}`,
      (part: number) => `0${part.toString(8)}`,
    );
    fc.assert(
      fc.property(octets, spelling, fc.integer({ min: 1, max: 4 }), (four, spell, parts) => {
        // Of fewer than four parts, the last one stands for all bytes that are left.
        const last = four.slice(parts - 1).reduce((sum, byte) => sum * 256 + byte, 0);
        const text = [...four.slice(0, parts - 1), last].map((part) => spell(part)).join('.');
        const { hostname } = new URL(`http://${text}/`);
        expect(isIP(hostname)).toBe(4);
        expect(hostname).toBe(dotted(four));
        expect(kindOf(hostname)).toBe(kindOf(dotted(four)));
      }),
    );
  });

  it('is never public when this machine takes a connection to it', async () => {
    // The system knows spellings of its own; whatever it connects to itself must be known as that.
    for (const host of [
      '127.0.0.1',
      '127.1.2.3',
      '::1',
      '0.0.0.0',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:0.0.0.0',
    ]) {
      const socket = connect({ host, port: 1 });
      const code = await new Promise((done) => {
        socket.once('error', (error: NodeJS.ErrnoException) => done(error.code));
        socket.once('connect', () => done('connected'));
      });
      socket.destroy();
      if (code === 'ECONNREFUSED' || code === 'connected')
        expect([host, ['loopback', 'unspecified'].includes(kindOf(host))]).toEqual([host, true]);
    }
  });

  it('of which nothing is known is reserved, and every one has a kind', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(kindOf(address)).toMatch(
          /^(public|private|loopback|link-local|metadata|unspecified|multicast|reserved)$/,
        );
        if (kindOf(address) === 'public') expect(address).toMatch(/^(0{0,3}64:|[23][0-9a-f]{3}:|.*ffff)/i);
      }),
    );
  });
});
