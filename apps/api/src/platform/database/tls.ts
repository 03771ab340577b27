import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { Settings } from '../config/config.schema.js';

type TlsOptions = Pick<ConnectionOptions, 'rejectUnauthorized' | 'ca' | 'checkServerIdentity'>;

export type SslSettings = Pick<Settings, 'DATABASE_SSL_MODE' | 'DATABASE_SSL_CA'>;

/**
 * TLS to PostgreSQL, for every connection: `require` encrypts, and with a file of authorities checks by whom the
 * certificate was signed, as libpq does (https://www.postgresql.org/docs/current/libpq-ssl.html); `verify-full` also
 * checks the name.
 */
export function sslOptions(settings: SslSettings): false | TlsOptions {
  const { DATABASE_SSL_MODE: mode, DATABASE_SSL_CA: file } = settings;
  if (mode === 'disable') return false;
  const ca = file === undefined ? {} : { ca: readFileSync(file, 'utf8') };
  if (mode === 'verify-full') return { rejectUnauthorized: true, ...ca };
  const anyName = { checkServerIdentity: () => undefined };
  return { rejectUnauthorized: file !== undefined, ...anyName, ...ca };
}
