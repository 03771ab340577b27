import { isIP } from 'node:net';
import { z } from 'zod';
import { parseAllowed, type Allowed } from '../outbound/allowed.js';

/** The chapters of the settings reference, in its order. */
export const sections = [
  'Process',
  'Database',
  'Keys and access',
  'Sessions',
  'Signing in',
  'Secrets backends',
  'Alerts',
  'Executions',
  'Resilience',
  'Outbound calls',
  'Limits',
  'Observability',
  'Tracing',
] as const;

/** What the settings reference says about a setting beyond what its schema tells. */
export interface SettingDoc {
  section: (typeof sections)[number];
  /** What it is for, in Markdown, as whole sentences. */
  about: string;
  /** The form of its value where the schema cannot tell it. */
  form?: string;
  unit?: 'ms' | 'bytes';
  /** What holds when it is not set, where that is no fixed value. */
  otherwise?: string;
  /** Its value is never shown. Of `several`, parted by commas, each may be a reference to a secrets backend. */
  secret?: 'one' | 'several' | 'no reference';
}

/** The words about every setting; a setting without is found by a test. */
export const settingDocs = z.registry<SettingDoc>();

/** A comma list; blanks around the parts and empty parts do not count. */
export const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

/** A duration in milliseconds. */
export const milliseconds = (fallback: number, least = 0, most?: number) => integer(fallback, least, most);

export const integer = (fallback: number, least: number, most?: number) => {
  const atLeast = z.coerce.number().int().min(least);
  return (most === undefined ? atLeast : atLeast.max(most)).default(fallback);
};

export const jwtSecrets = list.pipe(
  z.array(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]+:.{32,}$/, 'each must be kid:secret with a secret of 32 characters or more')
      .transform((entry) => {
        const colon = entry.indexOf(':');
        return { kid: entry.slice(0, colon), secret: entry.slice(colon + 1) };
      }),
  ),
);

export const encryptionKeys = list.pipe(
  z.array(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]+:[A-Za-z0-9+/]{43}=$/, 'each must be id:base64 of 32 bytes')
      .transform((entry) => {
        const colon = entry.indexOf(':');
        return { id: entry.slice(0, colon), key: Buffer.from(entry.slice(colon + 1), 'base64') };
      }),
  ),
);

/** Places of secrets as references name them, without keys; `*` at the end of one stands for any ending. */
export const secretPaths = list.pipe(
  z.array(
    z
      .string()
      .regex(
        /^(env|vault|aws):[^*#\s]+\*?$/,
        'each must be env:NAME, vault:<path> or aws:<name> without a key; * only at its end',
      ),
  ),
);

/** Origins as browsers send them (`https://app.example.com`), or `*`. */
export const origins = list.pipe(
  z.array(
    z
      .string()
      .refine(
        (text) => text === '*' || isOrigin(text),
        'each must be an origin such as https://app.example.com: scheme, host and port, and nothing after them',
      ),
  ),
);

function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** Names for private networks, as Fastify's `trustProxy` has them. */
const networks = ['loopback', 'linklocal', 'uniquelocal'];

/** Addresses of proxies: single ones, networks with the length of their prefix, or names of private networks. */
export const proxies = list.pipe(
  z.array(
    z
      .string()
      .refine(
        (text) => networks.includes(text) || isNetwork(text),
        `each must be an address, a network such as 10.0.0.0/8, or one of ${networks.join(', ')}`,
      ),
  ),
);

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** Where calls may lead to; not set is not the same as nothing, which is `none`. */
export const outboundAllowed = z
  .string()
  .optional()
  .transform((text, context): Allowed[] | undefined => {
    if (text === undefined) return undefined;
    const parts = list.parse(text);
    if (parts.length === 1 && parts[0] === 'none') return [];
    return parts.flatMap((part) => {
      const entry = parseAllowed(part);
      if (entry === null) {
        context.addIssue({
          code: 'custom',
          message: `"${part}" is no address, network or name, such as 127.0.0.1:11434, 10.0.0.0/8, [::1]:8080 or hooks.internal:443`,
        });
      }
      return entry ?? [];
    });
  });

/** The engine's own secrets, and what opens its secrets backends: nothing else may refer to these variables. */
export const ownSecrets = [
  'DATABASE_URL',
  'JWT_SECRETS',
  'ENCRYPTION_KEYS',
  'ADMIN_PASSWORD',
  'METRICS_TOKEN',
  'OIDC_CLIENT_SECRET',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'VAULT_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
];
