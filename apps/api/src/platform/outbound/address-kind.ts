import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What an address is to the engine, by the registries of IANA for special-purpose addresses (RFC 6890). */
export type AddressKind =
  'public' | 'private' | 'loopback' | 'link-local' | 'metadata' | 'unspecified' | 'multicast' | 'reserved';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Where clouds hand the credentials of a machine to whoever asks from it: AWS (instances, ECS, EKS), Azure (its wire
 * server), Google, Oracle, Alibaba, Scaleway. Some of these lie among private and even public addresses.
 */
const metadata = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '168.63.129.16',
  '192.0.0.192',
  '100.100.100.200',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:42::42',
].map((text) => ipaddr.parse(text).toNormalizedString());

const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
const nat64: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];
const sixToFour: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2002::'), 16];
const fourKinds: Record<string, AddressKind> = {
  unicast: 'public',
  private: 'private',
  // Shared address space (RFC 6598): pods of some clusters and VPNs live there.
  carrierGradeNat: 'private',
  loopback: 'loopback',
  linkLocal: 'link-local',
  unspecified: 'unspecified',
  multicast: 'multicast',
};
const sixKinds: Record<string, AddressKind> = {
  uniqueLocal: 'private',
  loopback: 'loopback',
  linkLocal: 'link-local',
  unspecified: 'unspecified',
  multicast: 'multicast',
};

/** An address as it is compared: without zone, and as IPv4 where it is one in other clothes (`::ffff:127.0.0.1`). */
export function canonical(text: string): Address {
  const bare = text.split('%')[0] ?? text;
  // In groups of hexadecimal digits: ipaddr.js takes `::8.8.8.8`, which is an address of IPv6, for one of IPv4.
  return ipaddr.process(isIPv6(bare) ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare);
}

/** The kind of an address in any form that the system connects to. What is in no registry counts as reserved. */
export function kindOf(text: string): AddressKind {
  return kind(canonical(text));
}

function kind(address: Address): AddressKind {
  if (metadata.includes(address.toNormalizedString())) return 'metadata';
  if (address instanceof ipaddr.IPv4) return fourKinds[address.range()] ?? 'reserved';
  const carried = carriedBy(address);
  if (carried !== null) return kind(carried);
  const range = address.range();
  if (range === 'unicast') return address.match(globalUnicast) ? 'public' : 'reserved';
  return sixKinds[range] ?? 'reserved';
}

/** The IPv4 address that packets to this one end at: by a NAT64 gateway (RFC 6052) or a 6to4 relay (RFC 3056). */
function carriedBy(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const bytes = address.toByteArray();
  if (address.match(nat64)) return new ipaddr.IPv4(bytes.slice(12));
  if (address.match(sixToFour)) return new ipaddr.IPv4(bytes.slice(2, 6));
  return null;
}
