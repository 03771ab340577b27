import { z } from 'zod';
import { settingDocs } from '../setting.js';

export const databaseSettings = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .register(settingDocs, {
      section: 'Database',
      about:
        'PostgreSQL 15 or newer. TLS is said in `DATABASE_SSL_MODE`, never in this address: its `sslmode` and other `ssl…` parameters are refused.',
      form: '`postgresql://user:password@host:port/database`',
      otherwise: 'an embedded PostgreSQL in `AIOPS_DATA_DIR`',
      secret: 'one',
    }),
  DATABASE_SSL_MODE: z.enum(['disable', 'require', 'verify-full']).default('disable').register(settingDocs, {
    section: 'Database',
    about:
      'TLS to PostgreSQL, for every connection. `require` encrypts, and with `DATABASE_SSL_CA` checks who signed the certificate; `verify-full` also checks its name. Production refuses `disable` unless the server is on this very machine.',
  }),
  DATABASE_SSL_CA: z.string().optional().register(settingDocs, {
    section: 'Database',
    about: 'PEM file with the authorities that may have signed the server’s certificate.',
    form: 'path of a file',
    otherwise: 'those that Node.js trusts',
  }),
};
