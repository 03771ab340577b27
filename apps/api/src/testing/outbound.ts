import { readSettings } from '../platform/config/config.js';
import { outboundPolicy } from '../platform/outbound/outbound-policy.js';
import { Outbound } from '../platform/index.js';

/** The way out of an engine with this `OUTBOUND_ALLOWED`. */
export function outboundTo(allowed: string): Outbound {
  return new Outbound(outboundPolicy(readSettings({ APP_ENV: 'test', OUTBOUND_ALLOWED: allowed })));
}
