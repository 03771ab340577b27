import { z } from 'zod';
import { outboundAllowed, settingDocs } from '../setting.js';

export const outboundSettings = {
  OUTBOUND_ALLOWED: outboundAllowed.register(settingDocs, {
    section: 'Outbound calls',
    about:
      'Addresses and names that HTTP steps, channels, mail servers and model providers may lead to although they are loopback, link-local, metadata of a cloud, reserved, or private where those are refused. A name is trusted with whatever it resolves to. `none` for nothing.',
    form: 'comma list such as `127.0.0.1:11434, 10.1.0.0/16, [::1]:8080, hooks.internal:443`; without a port all ports',
    otherwise: '`127.0.0.0/8, ::1` in development, nothing elsewhere',
  }),
  OUTBOUND_PRIVATE_NETWORKS: z.enum(['allow', 'refuse']).default('allow').register(settingDocs, {
    section: 'Outbound calls',
    about:
      'Whether they may lead to private networks (`10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`, `100.64.0.0/10`, `fc00::/7`). With `refuse`, `OUTBOUND_ALLOWED` names the exceptions.',
  }),
};
