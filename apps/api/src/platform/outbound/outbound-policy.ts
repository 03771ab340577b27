import { isIP } from 'node:net';
import type { Settings } from '../config/config.schema.js';
import { kindOf, type AddressKind } from './address-kind.js';
import { isAllowed, parseAllowed, type Allowed, type Destination } from './allowed.js';

/** What the engine may call on behalf of those who write runbooks, channels and model providers. */
export interface OutboundPolicy {
  allowed: readonly Allowed[];
  privateNetworks: boolean;
}

export type OutboundSettings = Pick<Settings, 'APP_ENV' | 'OUTBOUND_ALLOWED' | 'OUTBOUND_PRIVATE_NETWORKS'>;

/** A laptop runs its models and receivers on itself. */
const developmentDefault = ['127.0.0.0/8', '::1'].flatMap((text) => parseAllowed(text) ?? []);

export function outboundPolicy(settings: OutboundSettings): OutboundPolicy {
  const byDefault = settings.APP_ENV === 'development' ? developmentDefault : [];
  return {
    allowed: settings.OUTBOUND_ALLOWED ?? byDefault,
    privateNetworks: settings.OUTBOUND_PRIVATE_NETWORKS === 'allow',
  };
}

/** Why a call to `to` must not be connected to `address`; null when it may. */
export function refusalOf(policy: OutboundPolicy, to: Destination, address: string): AddressKind | null {
  const kind = kindOf(address);
  if (kind === 'public' || (kind === 'private' && policy.privateNetworks)) return null;
  return isAllowed(policy.allowed, to, address) ? null : kind;
}

const kinds: Record<AddressKind, string> = {
  public: 'a public address',
  private: 'an address of a private network',
  loopback: 'the engine’s own machine (a loopback address)',
  'link-local': 'a link-local address',
  metadata: 'the metadata service of a cloud',
  unspecified: 'an unspecified address',
  multicast: 'a multicast address',
  reserved: 'a reserved address',
};

/** The same words whatever is at the address: whether something listens there is not for the caller to know. */
export function refusalText({ host, port }: Destination, kind: AddressKind): string {
  const bare = host.split('%')[0] ?? host;
  const place = `${isIP(bare) === 6 ? `[${bare}]` : bare}:${port}`;
  const other = kind === 'private' ? ', or set OUTBOUND_PRIVATE_NETWORKS=allow' : '';
  return `${place} leads to ${kinds[kind]}, which the engine does not call. If it should, add ${place} to the setting OUTBOUND_ALLOWED${other}.`;
}
