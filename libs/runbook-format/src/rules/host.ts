/**
 * The host of an address as monitoring writes it: `web-1:9100` and `[::1]:9100` lose the port, a bare `::1` stays.
 * Brackets are removed, so that both spellings of an IPv6 address compare equal.
 */
export function hostOf(address: string): string {
  const bracketed = /^\[([^\]]*)\](?::[0-9]+)?$/.exec(address);
  if (bracketed) return bracketed[1] ?? '';
  const withPort = /^([^:]*):[0-9]+$/.exec(address);
  return withPort ? (withPort[1] ?? '') : address;
}
