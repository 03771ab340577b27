import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { canonical } from './address-kind.js';

/** An entry of `OUTBOUND_ALLOWED`: a network or a name, on one port or on all. */
export type Allowed = { port: number | null } & (
  { network: [ipaddr.IPv4 | ipaddr.IPv6, number] } | { name: string }
);

/** Where a call goes: the host as it was written, and a port. */
export interface Destination {
  host: string;
  port: number;
}

const inBrackets = /^\[([^\]]*)\](?::(\d{1,5}))?$/;
const withPort = /^([^:]+)(?::(\d{1,5}))?$/;
const hostName =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
/** As browsers have it, a name that ends in a number is an IPv4 address: https://url.spec.whatwg.org/#ends-in-a-number-checker */
const endsInNumber = /(^|\.)(\d+|0x[0-9a-f]*)$/;

/** Reads `10.0.0.0/8`, `127.0.0.1:11434`, `[::1]:8080`, `fd00::/8`, `hooks.internal:443`. @returns null when it is none. */
export function parseAllowed(text: string): Allowed | null {
  const six = inBrackets.exec(text);
  if (six !== null) return six[1]?.includes(':') === true ? entry(six[1], six[2]) : null;
  if (text.includes('::') || text.split(':').length > 2) return entry(text, undefined);
  const rest = withPort.exec(text);
  return rest === null ? null : entry(rest[1] ?? '', rest[2]);
}

function entry(place: string, portText: string | undefined): Allowed | null {
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  const network = parseNetwork(place);
  if (network !== null) return { network, port };
  const name = normalName(place);
  return hostName.test(name) && !endsInNumber.test(name) ? { name, port } : null;
}

function parseNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null {
  const [address = '', prefix, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0 || address.includes('%')) return null;
  const bits = family === 4 ? 32 : 128;
  const parsed = ipaddr.parse(address);
  // Addresses are compared in their own family; such a network would never match.
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return null;
  if (prefix === undefined) return [parsed, bits];
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits ? [parsed, Number(prefix)] : null;
}

/** A name as it is compared: in lower case, without the dot of the root. */
function normalName(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** Whether an entry names where this call goes: by its name, or by the address that it ends at. */
export function isAllowed(
  allowed: readonly Allowed[],
  { host, port }: Destination,
  address: string,
): boolean {
  const name = normalName(host);
  const ip = canonical(address);
  return allowed.some((one) => {
    if (one.port !== null && one.port !== port) return false;
    if ('name' in one) return one.name === name;
    return one.network[0].kind() === ip.kind() && ip.match(one.network[0], one.network[1]);
  });
}
