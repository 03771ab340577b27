import { integer, milliseconds, settingDocs } from '../setting.js';

export const resilienceSettings = {
  RETRY_ATTEMPTS: integer(3, 1, 10).register(settingDocs, {
    section: 'Resilience',
    about:
      'Attempts of a call to something outside (a secrets backend, a model, the connection to a target), the first included. Only what is safe to repeat is repeated: a command never is.',
  }),
  RETRY_BASE_MS: milliseconds(200, 1).register(settingDocs, {
    section: 'Resilience',
    about:
      'Longest pause after the first attempt; it doubles with each one. The pause is drawn by chance from nothing up to that.',
    unit: 'ms',
  }),
  RETRY_MAX_MS: milliseconds(5000, 1).register(settingDocs, {
    section: 'Resilience',
    about: 'Longest pause of all. Who asks for more in `Retry-After` is not asked again in the same call.',
    unit: 'ms',
  }),
  BREAKER_CALLS: integer(3, 1, 1000).register(settingDocs, {
    section: 'Resilience',
    about:
      'Calls within a minute from which on a circuit breaker judges: it opens when more than half of them failed.',
  }),
  BREAKER_RESET_MS: milliseconds(30_000, 100).register(settingDocs, {
    section: 'Resilience',
    about: 'How long an open circuit breaker lets no call through before it lets one try.',
    unit: 'ms',
  }),
};
