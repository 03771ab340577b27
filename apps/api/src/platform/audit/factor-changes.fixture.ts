import { passkeyDevice, type PasskeyDevice } from '@aiops/testing';
import { Secret, TOTP } from 'otpauth';
import { signedIn, type World } from './change-makers.fixture.js';
import type { Change } from './changes.fixture.js';

/** Where the engine says that its app is. */
export const PUBLIC_URL = 'https://aiops.example.com';

interface Person {
  id: string;
  token: string;
  credentials: object;
}

/** The code of an app, `steps` of half a minute from now. */
const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

async function enrolled({ api }: World, { token }: Person): Promise<string> {
  const { body } = await api<{ secret: string }>('POST', '/auth/factors/totp', { token });
  return body.secret;
}

async function withApp(w: World): Promise<Person & { secret: string }> {
  const person = await signedIn(w);
  const secret = await enrolled(w, person);
  const body = { code: codeOf(secret, -1) };
  await w.api('POST', '/auth/factors/totp/confirm', { token: person.token, body });
  return { ...person, secret };
}

async function newPasskey({ api }: World, { token }: Person, device: PasskeyDevice): Promise<object> {
  const begun = await api<{ token: string; options: object }>('POST', '/auth/factors/passkeys/options', {
    token,
  });
  return { token: begun.body.token, name: 'Laptop', passkey: device.create(begun.body.options, PUBLIC_URL) };
}

async function withPasskey(w: World): Promise<Person & { device: PasskeyDevice }> {
  const person = await signedIn(w);
  const device = passkeyDevice();
  const body = await newPasskey(w, person, device);
  await w.api('POST', '/auth/factors/passkeys', { token: person.token, body });
  return { ...person, device };
}

/** As `changes`, for what people prove who they are with. */
export const factorChanges: Record<string, (world: World) => Promise<Change>> = {
  'POST /auth/factors/totp/confirm': async (w) => {
    const person = await signedIn(w);
    const code = codeOf(await enrolled(w, person));
    return { path: '/auth/factors/totp/confirm', body: { code }, token: person.token };
  },
  'DELETE /auth/factors/totp': async (w) => ({ path: '/auth/factors/totp', token: (await withApp(w)).token }),
  'POST /auth/factors/passkeys': async (w) => {
    const person = await signedIn(w);
    const body = await newPasskey(w, person, passkeyDevice());
    return { path: '/auth/factors/passkeys', body, token: person.token };
  },
  'DELETE /auth/factors/passkeys/{id}': async (w) => {
    const { token } = await withPasskey(w);
    const { body } = await w.api<{ passkeys: { id: string }[] }>('GET', '/auth/factors', { token });
    return { path: `/auth/factors/passkeys/${body.passkeys[0]?.id ?? ''}`, token };
  },
  'POST /auth/factors/recovery-codes': async (w) => ({
    path: '/auth/factors/recovery-codes',
    token: (await withApp(w)).token,
  }),
  'POST /auth/login/second-factor': async (w) => {
    const { credentials, secret } = await withApp(w);
    const begun = await w.api<{ second_factor: { token: string } }>('POST', '/auth/login', {
      token: null,
      body: credentials,
    });
    const body = { token: begun.body.second_factor.token, code: codeOf(secret) };
    return { path: '/auth/login/second-factor', body, token: null };
  },
  'POST /auth/login/passkey': async (w) => {
    const { device } = await withPasskey(w);
    const begun = await w.api<{ token: string; options: object }>('POST', '/auth/login/passkey/options', {
      token: null,
    });
    const passkey = device.get(begun.body.options, PUBLIC_URL);
    return { path: '/auth/login/passkey', body: { token: begun.body.token, passkey }, token: null };
  },
  'DELETE /users/{id}/factors': async (w) => ({ path: `/users/${(await withApp(w)).id}/factors` }),
};
