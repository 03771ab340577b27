import { integer, proxies, settingDocs } from '../setting.js';

export const limitSettings = {
  BODY_LIMIT_BYTES: integer(5 * 1024 * 1024, 1024).register(settingDocs, {
    section: 'Limits',
    about:
      'Largest body that senders of alerts may deliver; larger ones are answered with 413. Other routes read 2 MiB at most, those below `/api/v1/auth` 64 KiB, and none more than this.',
    unit: 'bytes',
  }),
  INGEST_QUEUE_LIMIT: integer(20_000, 1).register(settingDocs, {
    section: 'Limits',
    about: 'Alerts that may wait for their commit before senders are answered with 503.',
  }),
  RATE_LIMIT_API_PER_MINUTE: integer(3000, 0).register(settingDocs, {
    section: 'Limits',
    about:
      'Requests to the API in a minute by each user or API key, and by each address whose requests come from neither; `0` for no limit. All limits are counted by each process for itself.',
  }),
  RATE_LIMIT_INGEST_PER_MINUTE: integer(1_200_000, 0).register(settingDocs, {
    section: 'Limits',
    about: 'The same for deliveries of senders to `/api/v1/ingest`, whatever number of alerts is in each.',
  }),
  RATE_LIMIT_LOGIN_PER_MINUTE: integer(20, 0).register(settingDocs, {
    section: 'Limits',
    about:
      'Attempts to sign in by each address in a minute. `0` for no limit, and then failed attempts slow nobody down either: see [sessions.md](sessions.md#guessing-passwords).',
  }),
  TRUSTED_PROXIES: proxies.register(settingDocs, {
    section: 'Limits',
    about:
      'Proxies that say in `X-Forwarded-For` from where a request comes (and in `X-Forwarded-Proto` and `X-Forwarded-Host` how). From others these headers are not believed.',
    form: 'comma list of addresses and networks such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`',
    otherwise: 'none: the address is that of the connection',
  }),
};
