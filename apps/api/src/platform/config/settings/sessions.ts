import { milliseconds, settingDocs } from '../setting.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const sessionSettings = {
  ACCESS_TOKEN_LIFETIME_MS: milliseconds(15 * MINUTE_MS, MINUTE_MS, DAY_MS).register(settingDocs, {
    section: 'Sessions',
    about:
      'How long an access token is good. The app gets the next one by itself; programs that sign in with a password do so again.',
    unit: 'ms',
  }),
};
