import type { Settings } from './config.schema.js';

/** Names of this very machine; what goes to them crosses no network. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Fewer different characters than this are a pattern and no secret. */
const LEAST_VARIETY = 8;

/**
 * Everything that is wrong with settings that are each well formed: what is missing in this environment, what is
 * insecure there, what contradicts itself. `generated` are key texts that were made for development.
 */
export function problemsOf(settings: Settings, generated: readonly string[] = []): string[] {
  return [
    ...keyProblems(settings, generated),
    ...corsProblems(settings),
    ...databaseProblems(settings),
    ...backendProblems(settings),
    ...providerProblems(settings),
  ];
}

/** Whether the environment makes up what a person would have to provide elsewhere. */
export function isForTrying({ APP_ENV }: Pick<Settings, 'APP_ENV'>): boolean {
  return APP_ENV === 'development' || APP_ENV === 'test';
}

/** Whether this address of PostgreSQL leads to another machine. A path is a socket on this one. */
export function isRemote(databaseUrl: string): boolean {
  const url = new URL(databaseUrl);
  // Drivers differ in whether the parameter or the address counts: both must be on this machine.
  const hosts = [url.hostname, ...url.searchParams.getAll('host')].map(decoded);
  return hosts.some((host) => host !== '' && !host.startsWith('/') && !LOOPBACK.test(host));
}

/** A name that cannot be decoded is none of this machine's. */
function decoded(host: string): string {
  try {
    return decodeURIComponent(host);
  } catch {
    return host;
  }
}

function keyProblems(settings: Settings, generated: readonly string[]): string[] {
  const jwt = settings.JWT_SECRETS.map(({ kid, secret }) => ({ id: kid, text: secret, bytes: [...secret] }));
  const encryption = settings.ENCRYPTION_KEYS.map(({ id, key }) => ({
    id,
    text: key.toString('base64'),
    bytes: [...key],
  }));
  return [
    ...problemsOfKeys('JWT_SECRETS', 'kid', jwt),
    ...problemsOfKeys('ENCRYPTION_KEYS', 'id', encryption),
  ];

  function problemsOfKeys(
    name: string,
    idName: string,
    keys: { id: string; text: string; bytes: unknown[] }[],
  ): string[] {
    const twice = keys.find((key, index) => keys.findIndex((other) => other.id === key.id) !== index);
    const problems = twice === undefined ? [] : [`${name}: the ${idName} "${twice.id}" stands there twice`];
    if (isForTrying(settings)) return problems;
    // Those that sign tokens the engine makes and keeps by itself, encrypted with the others.
    if (keys.length === 0 && name === 'ENCRYPTION_KEYS') {
      const why = 'keys are generated in development and test only';
      problems.push(`${name}: must be set in ${settings.APP_ENV}; ${why}`);
    }
    for (const key of keys) {
      if (generated.includes(key.text)) {
        problems.push(`${name}: "${key.id}" was generated for development; make one for ${settings.APP_ENV}`);
      } else if (new Set(key.bytes).size < LEAST_VARIETY) {
        problems.push(`${name}: "${key.id}" is no random secret; make one with: openssl rand -base64 32`);
      }
    }
    return problems;
  }
}

function corsProblems(settings: Settings): string[] {
  if (isForTrying(settings) || !settings.CORS_ALLOWED_ORIGINS.includes('*')) return [];
  return [`CORS_ALLOWED_ORIGINS: * is refused in ${settings.APP_ENV}; name the origins that are yours`];
}

function databaseProblems(settings: Settings): string[] {
  const { DATABASE_URL: url, DATABASE_SSL_MODE: mode } = settings;
  const problems: string[] = [];
  if (url === undefined) {
    return mode === 'disable' ? [] : [`DATABASE_SSL_MODE: ${mode} needs a DATABASE_URL`];
  }
  // The driver would follow the address and not DATABASE_SSL_MODE.
  const parameter = [...new URL(url).searchParams.keys()].find((name) => /^(ssl|uselibpqcompat)/i.test(name));
  if (parameter !== undefined) {
    problems.push(
      `DATABASE_URL: leave out "${parameter}"; TLS is said in DATABASE_SSL_MODE and DATABASE_SSL_CA`,
    );
  }
  if (settings.APP_ENV === 'production' && mode === 'disable' && isRemote(url)) {
    problems.push(
      'DATABASE_SSL_MODE: must be require or verify-full in production, for the database is on another machine',
    );
  }
  return problems;
}

function backendProblems(settings: Settings): string[] {
  const problems: string[] = [];
  const need = (name: keyof Settings, why: string): void => {
    if (settings[name] === undefined) problems.push(`${name}: must be set for ${why}`);
  };
  if (settings.SECRETS_BACKEND === 'vault') {
    need('VAULT_ADDR', 'SECRETS_BACKEND=vault');
    if (settings.VAULT_AUTH === 'kubernetes') need('VAULT_KUBERNETES_ROLE', 'VAULT_AUTH=kubernetes');
    else if (settings.VAULT_TOKEN_FILE === undefined) {
      need('VAULT_TOKEN', 'VAULT_AUTH=token, or VAULT_TOKEN_FILE');
    }
  }
  if (settings.SECRETS_BACKEND === 'aws') need('AWS_REGION', 'SECRETS_BACKEND=aws');
  for (const name of ['VAULT_ADDR', 'AWS_ENDPOINT_URL_SECRETS_MANAGER'] as const) {
    const address = settings[name];
    if (settings.APP_ENV === 'production' && address !== undefined && isOpenToNetwork(address)) {
      problems.push(`${name}: must be https: in production, for secrets come from it over the network`);
    }
  }
  return problems;
}

function providerProblems(settings: Settings): string[] {
  const { OIDC_ISSUER: issuer } = settings;
  if (issuer === undefined) return [];
  const missing = (['OIDC_CLIENT_ID', 'PUBLIC_URL'] as const).filter((name) => settings[name] === undefined);
  const problems = missing.map((name) => `${name}: must be set for OIDC_ISSUER`);
  if (settings.OIDC_ROLE_MAP.length === 0 && settings.OIDC_DEFAULT_ROLE === undefined) {
    problems.push('OIDC_ROLE_MAP: must be set for OIDC_ISSUER; without it nobody could sign in');
  }
  if (settings.APP_ENV === 'production' && isOpenToNetwork(issuer)) {
    problems.push('OIDC_ISSUER: must be https: in production, for it says who people are');
  }
  return problems;
}

function isOpenToNetwork(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}
