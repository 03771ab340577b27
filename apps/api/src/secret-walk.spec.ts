import type { FactorAddedDto, SecondFactorNeeded, TotpSecretDto } from '@aiops/contracts';
import { generateSshKey } from '@aiops/testing';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Secret, TOTP } from 'otpauth';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretBox } from './platform/index.js';
import { sealedStores } from './cli/sealed-stores.js';
import { addressesOf } from './testing/api-walk.js';
import { testBrowser } from './testing/browser.js';
import { makeThreeOfEverything } from './testing/every-resource.js';
import { adminPassword, startTestEngine, type TestEngine } from './testing/test-engine.js';

/** Nothing listens there: what is sent fails, and the failure is kept and shown. */
const NOWHERE = 'http://127.0.0.1:1';
const sshKey = generateSshKey('ed25519', 'phrase-of-the-planted-key');

/** What was planted, by where it was: each must be found nowhere. */
const planted = new Map<string, string>();
const plant = (
  where: string,
  secret = `planted-${planted.size}-${where.replaceAll(/\W/g, '')}-3141592653589`,
) => {
  planted.set(where, secret);
  return secret;
};

/** Fields of requests whose values are secret, by their names. A new one has to be planted, and added here. */
const secretFields = /secret|passw|passphrase|api_key|token|webhook_url|recovery|private/i;
const known = new Set([
  ...['secret', 'passphrase', 'password', 'api_key', 'webhook_url', 'signing_secret'],
  ...['token', 'recovery_code', 'current_password', 'new_password'],
  // A yes or no.
  'must_change_password',
]);

let engine: TestEngine;
/** Everything that was answered to what planted, too: only what is shown once on purpose is left out. */
const answers: [where: string, text: string][] = [];

async function send(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const { status, body: answer } = await engine.api(method, path, { body });
  answers.push([`${method} ${path} (${status})`, JSON.stringify(answer)]);
  return answer;
}

async function plantCredentials(): Promise<void> {
  plant('a line of an SSH key', sshKey.private.split('\n')[2]);
  const passphrase = plant('passphrase', 'phrase-of-the-planted-key');
  const made = await send('POST', '/credentials', {
    name: 'key',
    kind: 'ssh_key',
    secret: sshKey.private,
    passphrase,
  });
  for (const kind of ['password', 'token', 'kubeconfig'])
    await send('POST', '/credentials', { name: kind, kind, secret: plant(`credential ${kind}`) });
  const target = await send('POST', '/targets', {
    name: 'planted',
    host: '127.0.0.1',
    port: 1,
    username: 'ops',
    credential_id: made['id'],
  });
  await send('POST', `/targets/${String(target['id'])}/test`);
  const other = await send('POST', '/credentials', {
    name: 'changed',
    kind: 'password',
    secret: plant('old password'),
  });
  await send('PATCH', `/credentials/${String(other['id'])}`, { secret: plant('changed password') });
  await send('POST', `/credentials/${String(other['id'])}/rotate`, { secret: plant('rotated password') });
  // Refused, with the secret beside the mistake.
  await send('POST', '/credentials', { name: 'a b', kind: 'password', secret: plant('refused password') });
  await send('POST', `/credentials/${String(other['id'])}/rotate`, { secret: plant('refused'), force: 'x' });
}

async function plantConnections(): Promise<void> {
  for (const kind of ['openai', 'openai_compatible', 'anthropic']) {
    const provider = await send('POST', '/llm-providers', {
      name: kind,
      kind,
      model: 'm',
      base_url: `${NOWHERE}/v1`,
      api_key: plant(`API key of ${kind}`),
    });
    await send('POST', `/llm-providers/${String(provider['id'])}/test`);
  }
  const configs = [
    { kind: 'slack', webhook_url: `${NOWHERE}/services/T0/B0/${plant('address of a Slack webhook')}` },
    { kind: 'webhook', url: `${NOWHERE}/hook`, signing_secret: plant('signing secret') },
    {
      kind: 'email',
      host: '127.0.0.1',
      port: 1,
      security: 'none',
      username: 'aiops',
      password: plant('SMTP password'),
      from: 'aiops@example.com',
      to: ['sre@example.com'],
    },
  ];
  for (const config of configs) {
    const channel = await send('POST', '/notification-channels', { name: config.kind, config });
    await send('POST', `/notification-channels/${String(channel['id'])}/test`);
  }
}

async function plantIdentities(): Promise<void> {
  plant('password of the administrator', adminPassword);
  plant('access token', engine.adminToken);
  await send('POST', '/users', { username: 'maria', role: 'viewer', password: plant('password') });
  await send('POST', '/auth/login', { username: 'maria', password: plant('wrong password') });
  const browser = testBrowser(engine);
  const login = { username: 'maria', password: planted.get('password') };
  const { body } = await browser.call<{ access_token: string }>('POST', '/auth/login', { body: login });
  plant('access token of a user', body.access_token);
  plant('refresh token', browser.cookie.split('=')[1]);
  await plantFactors(login, body.access_token);
  for (const next of [plant('common new password', 'password1234'), plant('new password')]) {
    const { status, body: answer } = await engine.api('POST', '/auth/password', {
      token: body.access_token,
      body: { current_password: login.password, new_password: next },
    });
    answers.push([`POST /auth/password (${status})`, JSON.stringify(answer)]);
  }
  const { body: key } = await engine.api<{ id: string; key: string }>('POST', '/api-keys', {
    body: { name: 'walk', role: 'admin', scopes: ['api'] },
  });
  plant('API key', key.key);
  await engine.api('GET', '/alerts', { token: key.key });
  const rotated = await engine.api<{ key: string }>('POST', `/api-keys/${key.id}/rotate`, { body: {} });
  plant('rotated API key', rotated.body.key);
}

async function plantFactors(login: object, token: string): Promise<void> {
  const app = await engine.api<TotpSecretDto>('POST', '/auth/factors/totp', { token });
  const code = new TOTP({ secret: Secret.fromBase32(app.body.secret) }).generate();
  const added = await engine.api<FactorAddedDto>('POST', '/auth/factors/totp/confirm', {
    token,
    body: { code },
  });
  for (const [index, recovery] of (added.body.recovery_codes ?? []).entries())
    plant(`recovery code ${index}`, recovery);
  const begun = await engine.api<SecondFactorNeeded>('POST', '/auth/login', { token: null, body: login });
  const attempt = plant('token of an attempt to sign in', begun.body.second_factor.token);
  await send('POST', '/auth/login/second-factor', { token: attempt, recovery_code: 'not one at all' });
}

/** What the engine made itself and keeps sealed, such as signing keys. */
async function plantWhatIsSealed(): Promise<void> {
  const box = engine.app.get(SecretBox, { strict: false });
  for (const { table, id, sealed, keyId, context } of sealedStores) {
    const rows: { id: string; sealed: string; keyId: string }[] = await engine.app
      .get(DataSource)
      .query(
        `SELECT "${id}"::text AS id, "${sealed}" AS sealed, "${keyId}" AS "keyId" FROM "${table}" WHERE "${keyId}" IS NOT NULL`,
      );
    expect([table, rows.length > 0]).toEqual([table, true]);
    for (const row of rows) {
      const opened = box.open({ keyId: row.keyId, sealed: row.sealed }, context(row.id));
      for (const [index, text] of textsIn(opened).entries()) planted.set(`${table} ${row.id} ${index}`, text);
    }
  }
}

/** Several secrets are kept as one JSON object. */
function textsIn(opened: string): string[] {
  try {
    const value: unknown = JSON.parse(opened);
    if (typeof value !== 'object' || value === null) return [opened];
    return Object.values(value).filter((each) => typeof each === 'string');
  } catch {
    return [opened];
  }
}

/** A secret as it might be found: as it is, in JSON, in an address, in base64 and in hexadecimal. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Within a longer text base64 begins at any of three places.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift, 'x'), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('hex'),
    ...base64,
  ];
}

const foundIn = (text: string): string[] =>
  [...planted]
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([where]) => where);

beforeAll(async () => {
  engine = await startTestEngine();
  await makeThreeOfEverything(engine);
  await plantCredentials();
  await plantConnections();
  await plantIdentities();
  await plantWhatIsSealed();
}, 120_000);
afterAll(() => engine.stop());

async function document(): Promise<OpenAPIObject> {
  return (await engine.api<OpenAPIObject>('GET', '/openapi.json')).body;
}

describe('secrets (R1.2)', () => {
  it('are planted in every field of the API that takes one', async () => {
    const fields = new Set<string>();
    JSON.stringify((await document()).paths, (key, value: unknown) => {
      if (key === 'requestBody') collect(value, fields);
      return value;
    });
    expect([...fields].filter((field) => secretFields.test(field)).sort()).toEqual([...known].sort());
    expect(planted.size).toBeGreaterThan(25);
  });

  it('would be found in any of their forms', () => {
    const secret = planted.get('credential token') ?? '';
    expect(foundIn(`{"a":"${secret}"}`)).toContain('credential token');
    expect(foundIn(Buffer.from(`aiops:${secret}`).toString('base64'))).toContain('credential token');
    expect(foundIn(Buffer.from(secret).toString('hex'))).toContain('credential token');
  });

  it('are in no answer to what set, tried or failed to set them', () => {
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.flatMap(([where, text]) => foundIn(text).map((what) => `${where}: ${what}`))).toEqual([]);
  });

  it('are in no answer to any GET, as an administrator reads it', async () => {
    const found: string[] = [];
    let read = 0;
    for (const [path, { get }] of Object.entries((await document()).paths)) {
      if (get === undefined) continue;
      const addresses = path.startsWith('/api/v1')
        ? (await addressesOf(engine, path.slice('/api/v1'.length))).map((address) => `/api/v1${address}`)
        : [path];
      const queries = path.endsWith('/export') ? ['?format=csv', '?format=jsonl'] : [''];
      for (const address of addresses.flatMap((one) => queries.map((query) => one + query))) {
        const answer = await fetch(engine.url + address, {
          headers: { Authorization: `Bearer ${engine.adminToken}` },
        });
        expect([address, answer.status]).toEqual([address, 200]);
        const text = JSON.stringify([...answer.headers]) + (await answer.text());
        found.push(...foundIn(text).map((what) => `${address}: ${what}`));
        read += 1;
      }
    }
    expect(found).toEqual([]);
    expect(read).toBeGreaterThan(100);
  });
});

function collect(value: unknown, fields: Set<string>): void {
  JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'properties') for (const field of Object.keys(inner as object)) fields.add(field);
    return inner;
  });
}
