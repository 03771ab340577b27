import type { HostKeyDto } from '@aiops/contracts';

const isTrusted = ({ status }: HostKeyDto): boolean => status === 'accepted' || status === 'certified';
const seenAt = (key: HostKeyDto): number => (key.last_seen_at === null ? 0 : Date.parse(key.last_seen_at));
const latest = (keys: HostKeyDto[]): HostKeyDto | undefined =>
  keys.toSorted((a, b) => seenAt(b) - seenAt(a))[0];

/** What stands against what while a target is blocked: the key that it shows, and the trusted one to compare it with. */
export function conflictOf(
  keys: HostKeyDto[],
): { offered: HostKeyDto; known: HostKeyDto | undefined } | null {
  const offered = latest(keys.filter((key) => !isTrusted(key) && key.last_seen_at !== null));
  if (offered === undefined) return null;
  const trusted = keys.filter(isTrusted);
  const sameType = trusted.filter((key) => key.algorithm === offered.algorithm);
  return { offered, known: latest(sameType) ?? latest(trusted) };
}
