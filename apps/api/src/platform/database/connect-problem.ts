import type { SslSettings } from './tls.js';

/** Codes of OpenSSL for a chain that ends at nobody who is trusted: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const unknownAuthority = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);
const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
const INVALID_AUTHORIZATION = '28000';
const INVALID_PASSWORD = '28P01';
const UNKNOWN_DATABASE = '3D000';

/**
 * What a person can do about a first connection that did not come about; null for anything else. Neither user nor
 * password is repeated.
 */
export function connectProblem(error: unknown, databaseUrl: string, settings: SslSettings): string | null {
  if (!(error instanceof Error)) return null;
  const url = new URL(databaseUrl);
  const host = url.hostname || url.searchParams.get('host') || 'localhost';
  const server = `PostgreSQL at ${host}:${url.port || '5432'}`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return tlsProblem(error, code, server, host, settings) ?? otherProblem(error, code, server, url);
}

function tlsProblem(
  error: Error,
  code: string,
  server: string,
  host: string,
  { DATABASE_SSL_MODE: mode, DATABASE_SSL_CA: file }: SslSettings,
): string | null {
  if (error.message.includes('does not support SSL')) {
    return `${server} offers no TLS, and DATABASE_SSL_MODE=${mode} wants it. Switch it on there (ssl = on), or set DATABASE_SSL_MODE=disable where nobody can listen.`;
  }
  if (unknownAuthority.has(code)) {
    const missing =
      file === undefined
        ? 'Set DATABASE_SSL_CA to a PEM file with it'
        : `${file} (DATABASE_SSL_CA) does not hold it`;
    return `The certificate of ${server} was signed by an authority that is not trusted (${code}). ${missing}: the certificate of the authority, not that of the server.`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const reason = 'reason' in error ? ` (${String(error.reason)})` : '';
    return `The certificate of ${server} is for another name${reason}. Use a name of the certificate in DATABASE_URL, or have one made for ${host}.`;
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return `The certificate of ${server}, or that of its authority, has expired. Renew it there (ssl_cert_file) and reload the server.`;
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return `The certificate of ${server} is not valid yet. Compare the clocks of both machines.`;
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return `No TLS could be agreed on with ${server} (${code}). It must offer TLS 1.2 or newer (ssl_min_protocol_version).`;
  }
  if (code === INVALID_AUTHORIZATION && /no encryption|SSL off/.test(error.message)) {
    return `${server} takes no unencrypted connections. Set DATABASE_SSL_MODE=verify-full and DATABASE_SSL_CA.`;
  }
  return null;
}

function otherProblem(error: Error, code: string, server: string, url: URL): string | null {
  if (code === INVALID_PASSWORD || code === INVALID_AUTHORIZATION) {
    return `${server} refused the user, the password or this machine (${code}). Check DATABASE_URL, and pg_hba.conf there.`;
  }
  if (code === UNKNOWN_DATABASE) {
    return `${server} has no database "${decodeURIComponent(url.pathname.slice(1))}". Make it (CREATE DATABASE), or correct DATABASE_URL.`;
  }
  if (away.has(code) || /timeout expired|timeout exceeded|terminated/i.test(error.message)) {
    return `${server} cannot be reached (${code || error.message}). Check DATABASE_URL, that it runs, and firewalls.`;
  }
  return null;
}
