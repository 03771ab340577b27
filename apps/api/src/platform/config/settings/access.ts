import { z } from 'zod';
import { usernameSchema } from '@aiops/contracts';
import { encryptionKeys, integer, jwtSecrets, origins, settingDocs } from '../setting.js';

export const accessSettings = {
  JWT_SECRETS: jwtSecrets.register(settingDocs, {
    section: 'Keys and access',
    about:
      'Keys that sign access tokens, for those who keep them elsewhere. New tokens are signed by the first one, tokens of the others are accepted until you take them out. Without it the engine makes its keys, keeps them encrypted in the database and rotates them there: see [sessions.md](sessions.md).',
    form: 'comma list of `kid:secret`, newest first, each secret 32 characters or more',
    otherwise: 'made by the engine, in the database',
    secret: 'several',
  }),
  ENCRYPTION_KEYS: encryptionKeys.register(settingDocs, {
    section: 'Keys and access',
    about:
      'Keys that encrypt stored secrets (AES-256-GCM). The first one encrypts; keep the others until nothing is stored under them.',
    form: 'comma list of `id:key`, newest first, each key 32 bytes in base64 (`openssl rand -base64 32`)',
    otherwise: 'generated in development and test; required in staging and production',
    secret: 'several',
  }),
  CREDENTIAL_MAX_AGE_DAYS: integer(90, 1, 3650).register(settingDocs, {
    section: 'Keys and access',
    about: 'A credential whose secret is older is called stale, and people are told to rotate it.',
  }),
  CREDENTIAL_STALE_POLICY: z.enum(['warn', 'block']).default('warn').register(settingDocs, {
    section: 'Keys and access',
    about:
      'What becomes of stale credentials: `block` lets nothing connect with them any more. Those that refer to a secrets backend are rotated there and never blocked.',
  }),
  ADMIN_USERNAME: usernameSchema.default('admin').register(settingDocs, {
    section: 'Keys and access',
    about: 'The first administrator, made when there is no user yet.',
    form: 'a user name',
  }),
  ADMIN_PASSWORD: z.string().min(12, 'must have 12 characters or more').optional().register(settingDocs, {
    section: 'Keys and access',
    about: 'Password of the first administrator.',
    form: '12 characters or more',
    otherwise: 'generated, and printed once',
    secret: 'one',
  }),
  CORS_ALLOWED_ORIGINS: origins.register(settingDocs, {
    section: 'Keys and access',
    about:
      'Other origins whose pages may call the API with credentials. `*` allows every one; staging and production refuse it.',
    form: 'comma list of origins such as `https://app.example.com`',
    otherwise: 'the app’s own origin alone',
  }),
};
