import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from './address.js';

const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));

describe('the network that an address counts for', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0000:0000:ffff::2', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
    ['no address', 'no address'],
    ['', ''],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is the same for every address of one /64, and another for another', () => {
    const groups = fc.array(group, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(groups, groups, groups, (network, one, other) => {
        const of = (rest: string[]): string => networkOf([...network, ...rest].join(':'));
        expect(of(one)).toBe(of(other));
        expect(networkOf([...one, ...network].join(':')) === of(other)).toBe(
          one.map((part) => parseInt(part, 16)).join() === network.map((part) => parseInt(part, 16)).join(),
        );
      }),
    );
  });

  it('is told of anything that a proxy may pass on', () => {
    const likeAddresses = fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '::', '.', '%') });
    fc.assert(
      fc.property(fc.oneof(fc.string(), likeAddresses, fc.ipV6()), (text) => {
        expect(networkOf(text)).not.toContain('NaN');
      }),
    );
  });
});
