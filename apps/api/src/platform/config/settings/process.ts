import { z } from 'zod';
import { integer, milliseconds, settingDocs } from '../setting.js';

const environments = ['development', 'test', 'staging', 'production'] as const;

export const processSettings = {
  APP_ENV: z.enum(environments).default('development').register(settingDocs, {
    section: 'Process',
    about: 'What the engine is run for. It decides defaults, and what is refused as insecure.',
  }),
  HOST: z.string().default('127.0.0.1').register(settingDocs, {
    section: 'Process',
    about: 'Address to listen on; `0.0.0.0` for all of them.',
  }),
  PORT: integer(8080, 0, 65535).register(settingDocs, {
    section: 'Process',
    about: 'One port for the API, live updates and the web app; `0` takes a free one.',
  }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Process',
      about:
        'Address under which people open the app: for links in messages, for passkeys, for signing in through a provider, and, with https, for cookies that never go without TLS.',
      otherwise: 'no links, and passkeys on `localhost` alone',
    }),
  AIOPS_ROLE: z.enum(['all', 'api', 'worker']).default('all').register(settingDocs, {
    section: 'Process',
    about: 'What this process does: HTTP and live updates (`api`), jobs (`worker`), or both (`all`).',
  }),
  AIOPS_DATA_DIR: z.string().default('.data').register(settingDocs, {
    section: 'Process',
    about: 'Folder of the embedded PostgreSQL and of generated development keys.',
  }),
  SHUTDOWN_TIMEOUT_MS: milliseconds(10_000).register(settingDocs, {
    section: 'Process',
    about:
      'How long a stop may take, the delay below included. Requests and steps that have not ended by then are cut off; executions are handed back before.',
    unit: 'ms',
  }),
  SHUTDOWN_DELAY_MS: milliseconds(0).register(settingDocs, {
    section: 'Process',
    about:
      'How long a stop goes on serving after `/health/ready` says 503, so that balancers find out first. Give `SHUTDOWN_TIMEOUT_MS` as much more.',
    unit: 'ms',
  }),
};
