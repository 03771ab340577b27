import type { Role } from '@aiops/contracts';
import type { AuthMethod } from '../session/session-rules.js';

/**
 * What proves more than a password: a one-time code, a passkey (RFC 8176: `hwk` bound to a device, `swk` not), or a
 * provider, which is in charge of that itself.
 */
const strong = new Set<AuthMethod>(['otp', 'hwk', 'swk', 'oidc']);

/** Whether somebody with this role, who proved it in these ways, may do no more than set up a second factor. */
export const lacksSecondFactor = (
  { role, methods }: { role: Role; methods: readonly AuthMethod[] },
  required: readonly Role[],
): boolean => required.includes(role) && !methods.some((method) => strong.has(method));

/** How long after somebody proved who they are they may change how that is done (OWASP ASVS 5.0, 7.5.1). */
const RECENT_MS = 10 * 60_000;

export const isRecent = (confirmedAt: Date, now: Date): boolean =>
  now.getTime() - confirmedAt.getTime() < RECENT_MS;

/** What a person has besides a password. */
export interface FactorCount {
  totp: boolean;
  passkeys: number;
}

/** Whether nothing would be left if one of them went. */
export const isLast = ({ totp, passkeys }: FactorCount): boolean => (totp ? 1 : 0) + passkeys <= 1;

/** Who we are to passkeys, which are bound to a name and speak over HTTPS or to this machine alone (WebAuthn, 5.1). */
export interface RelyingParty {
  id: string;
  origin: string;
}

/** By PUBLIC_URL, otherwise for a browser on this machine; null where browsers give no passkeys. */
export function relyingParty(publicUrl: string | undefined, host: string | undefined): RelyingParty | null {
  const url = publicUrl ?? `http://${host ?? ''}`;
  if (!URL.canParse(url)) return null;
  const { hostname, origin, protocol } = new URL(url);
  if (hostname === 'localhost') return { id: hostname, origin };
  const isName = /[a-z]/i.test(hostname.split('.').at(-1) ?? '') && !hostname.startsWith('[');
  return publicUrl !== undefined && protocol === 'https:' && isName ? { id: hostname, origin } : null;
}
