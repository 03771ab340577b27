import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkSettings } from './config.js';
import { isRemote } from './config.rules.js';

const keys = {
  JWT_SECRETS: `k1:${randomBytes(32).toString('hex')}`,
  ENCRYPTION_KEYS: `e1:${randomBytes(32).toString('base64')}`,
};
const remote = 'postgresql://aiops:secret@db.example.com/aiops';
const problems = (env: Record<string, string>): string[] => checkSettings({ ...keys, ...env }).problems;

describe('settings that are insecure (R5.4)', () => {
  it('are no pattern instead of a key in staging and production', () => {
    const weak = {
      JWT_SECRETS: `k1:${'s'.repeat(32)}`,
      ENCRYPTION_KEYS: `e1:${Buffer.alloc(32, 1).toString('base64')}`,
    };
    for (const APP_ENV of ['staging', 'production']) {
      expect(problems({ APP_ENV, ...weak })).toEqual([
        'JWT_SECRETS: "k1" is no random secret; make one with: openssl rand -base64 32',
        'ENCRYPTION_KEYS: "e1" is no random secret; make one with: openssl rand -base64 32',
      ]);
    }
    for (const APP_ENV of ['development', 'test']) expect(problems({ APP_ENV, ...weak })).toEqual([]);
  });

  it('are no wildcard of origins in staging and production', () => {
    const CORS_ALLOWED_ORIGINS = 'https://app.example.com, *';
    for (const APP_ENV of ['staging', 'production']) {
      expect(problems({ APP_ENV, CORS_ALLOWED_ORIGINS })).toEqual([
        `CORS_ALLOWED_ORIGINS: * is refused in ${APP_ENV}; name the origins that are yours`,
      ]);
    }
    expect(problems({ CORS_ALLOWED_ORIGINS })).toEqual([]);
  });

  it.each([
    'https://*.example.com',
    'https://app.example.com/',
    'app.example.com',
    'ftp://x',
    'HTTPS://A.example',
  ])('are no origin that no browser ever sends: %s', (origin) => {
    expect(problems({ CORS_ALLOWED_ORIGINS: origin })).toEqual([
      expect.stringMatching(/^CORS_ALLOWED_ORIGINS: each must be an origin/) as string,
    ]);
  });

  it('are no database on another machine without TLS in production', () => {
    expect(problems({ APP_ENV: 'production', DATABASE_URL: remote })).toEqual([
      'DATABASE_SSL_MODE: must be require or verify-full in production, for the database is on another machine',
    ]);
    for (const DATABASE_SSL_MODE of ['require', 'verify-full']) {
      expect(problems({ APP_ENV: 'production', DATABASE_URL: remote, DATABASE_SSL_MODE })).toEqual([]);
    }
    expect(
      problems({ APP_ENV: 'production', DATABASE_URL: remote.replace('db.example.com', 'localhost') }),
    ).toEqual([]);
    expect(problems({ APP_ENV: 'staging', DATABASE_URL: remote })).toEqual([]);
  });

  it('are no address of a database that would overrule the mode of TLS', () => {
    for (const parameter of ['sslmode=disable', 'ssl=0', 'sslrootcert=/x', 'uselibpqcompat=true']) {
      expect(problems({ DATABASE_URL: `${remote}?${parameter}` })).toEqual([
        expect.stringMatching(/^DATABASE_URL: leave out "(ssl|uselibpq)/) as string,
      ]);
    }
    expect(problems({ DATABASE_URL: `${remote}?application_name=x` })).toEqual([]);
  });
});

describe('a sign-in provider', () => {
  const provider = {
    APP_ENV: 'test',
    PUBLIC_URL: 'https://aiops.example',
    OIDC_ISSUER: 'https://id.example',
    OIDC_CLIENT_ID: 'aiops',
    OIDC_ROLE_MAP: 'CN=SRE',
  };
  const complaints = (settings: Record<string, string>): string[] => problems({ ...provider, ...settings });

  it('needs a client, the address of the app, and a role for somebody', () => {
    expect(complaints({ OIDC_ROLE_MAP: 'team=a=engineer, everyone=viewer' })).toEqual([]);
    expect(complaints({ OIDC_ROLE_MAP: '', OIDC_DEFAULT_ROLE: 'viewer' })).toEqual([]);
    expect(complaints({ OIDC_ROLE_MAP: '', OIDC_CLIENT_ID: '', PUBLIC_URL: '' })).toEqual([
      'OIDC_CLIENT_ID: must be set for OIDC_ISSUER',
      'PUBLIC_URL: must be set for OIDC_ISSUER',
      'OIDC_ROLE_MAP: must be set for OIDC_ISSUER; without it nobody could sign in',
    ]);
  });

  it('says which part of its role map is wrong', () => {
    expect(complaints({}).join()).toContain('"CN=SRE" must be value=role');
    expect(complaints({ OIDC_ROLE_MAP: 'sre=root' }).join()).toContain('one of viewer, responder');
  });
});

describe('isRemote', () => {
  it.each([
    ['postgres://u@localhost:5432/d', false],
    ['postgres://u@127.0.0.1/d', false],
    ['postgres://u@127.9.9.9/d', false],
    ['postgres://u@[::1]/d', false],
    ['postgres:///d?host=/var/run/postgresql', false],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/d', false],
    ['postgres://u@10.0.0.1/d', true],
    ['postgres://u@db/d', true],
    ['postgres://u@localhost.example.com/d', true],
    ['postgres://u@127.0.0.1.example.com/d', true],
    ['postgres://u@localhost/d?host=db.example.com', true],
    ['postgres://u@db.example.com/d?host=/var/run/postgresql', true],
    ['postgres://u@%zz/d', true],
  ])('%s: %s', (url, expected) => expect(isRemote(url)).toBe(expected));
});
