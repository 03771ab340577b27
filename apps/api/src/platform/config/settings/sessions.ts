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
  SESSION_IDLE_TIMEOUT_MS: milliseconds(7 * DAY_MS, MINUTE_MS, 366 * DAY_MS).register(settingDocs, {
    section: 'Sessions',
    about: 'A session that nothing was done in for so long has ended. An open page counts as use.',
    unit: 'ms',
  }),
  SESSION_LIFETIME_MS: milliseconds(30 * DAY_MS, 5 * MINUTE_MS, 366 * DAY_MS).register(settingDocs, {
    section: 'Sessions',
    about: 'How long after signing in a person must do so again, however the session is used.',
    unit: 'ms',
  }),
};
