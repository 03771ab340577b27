import { z } from 'zod';
import { roleSchema } from '@aiops/contracts';
import { list, settingDocs } from '../setting.js';

export const secondFactorSettings = {
  MFA_REQUIRED_ROLES: list.pipe(z.array(roleSchema)).register(settingDocs, {
    section: 'Sessions',
    about:
      'Roles that need a second factor: an authenticator app or a passkey. Whoever has none can only set one up when they sign in. See [sign-in.md](sign-in.md#second-factors).',
    form: 'comma list of `viewer`, `responder`, `engineer`, `admin`',
  }),
};
