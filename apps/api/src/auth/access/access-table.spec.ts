import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OpenAPIObject } from '@nestjs/swagger';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKeyCreatedDto, LoginResponse, Role } from '@aiops/contracts';
import type { Operation } from '../../platform/openapi/finish-document.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { callers, mayCall, nameOf, type Caller } from './access-callers.js';
import { withRoutes } from './access-doc.js';
import { accessTable } from './access-table.js';

const ASKED_TO_SIGN_IN = 'Sign in, or send an API key.';
const PASSWORD = 'a long enough password';
const file = fileURLToPath(new URL('../../../../../docs/roles.md', import.meta.url));

/** A route of the API's document, and a call of it that would be valid if what it names were there. */
interface Call {
  route: string;
  method: string;
  path: string;
  body: unknown;
}

let engine: TestEngine;
let calls: Call[];
const tokens = new Map<string, string | null>();

beforeAll(async () => {
  engine = await startTestEngine();
  const answer = await fetch(`${engine.url}/api/v1/openapi.json`);
  calls = callsOf((await answer.json()) as OpenAPIObject);
  for (const caller of callers) tokens.set(nameOf(caller), await tokenOf(caller));
});
afterAll(() => engine.stop());

function callsOf(document: OpenAPIObject): Call[] {
  const paths = document.paths as unknown as Record<string, Record<string, Operation>>;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => valueOf(name)),
      body: operation.requestBody?.content['application/json']?.example,
    })),
  );
}

/** Ids that look right and that nothing has. */
function valueOf(parameter: string): string {
  if (/id$/i.test(parameter)) return '01981a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b';
  return parameter === 'version' ? '1' : 'something';
}

async function tokenOf(caller: Caller): Promise<string | null> {
  if (caller.kind === 'anonymous') return null;
  if (caller.kind === 'person') {
    const { role } = caller;
    await engine.api('POST', '/users', { body: { username: `some-${role}`, role, password: PASSWORD } });
    return signIn(role);
  }
  const { role, scopes } = caller;
  const made = await engine.api<ApiKeyCreatedDto>('POST', '/api-keys', {
    body: { name: nameOf(caller), role, scopes },
  });
  return made.body.key;
}

async function signIn(role: Role): Promise<string> {
  const body = { username: `some-${role}`, password: PASSWORD };
  const login = await engine.api<LoginResponse>('POST', '/auth/login', { token: null, body });
  return login.body.access_token;
}

/** Some routes below `/auth` end the session of whoever calls: each gets one of its own. */
async function tokenFor(caller: Caller, { path }: Call): Promise<string | null> {
  if (caller.kind === 'person' && path.startsWith('/api/v1/auth/')) return signIn(caller.role);
  return tokens.get(nameOf(caller)) ?? null;
}

/** Whether the guard turned the caller away. A wrong password at the sign-in is a 401 too, and in other words. */
async function isRefused(caller: Caller, call: Call): Promise<boolean> {
  const token = await tokenFor(caller, call);
  const answer = await fetch(engine.url + call.path, {
    method: call.method,
    redirect: 'manual',
    headers: {
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body: call.body === undefined ? undefined : JSON.stringify(call.body),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  // Those end the sessions which the other routes are called in, too.
  if (/\/(logout-all|sessions)$/.test(call.path) && caller.kind === 'person') {
    tokens.set(nameOf(caller), await signIn(caller.role));
  }
  if (answer.status === 401 && accessTable[call.route] === 'anybody') return text.includes(ASKED_TO_SIGN_IN);
  return answer.status === 401 || answer.status === 403;
}

describe('the table of who may call what', () => {
  it('has every route of the API, and none that is not there', () => {
    expect(Object.keys(accessTable).sort()).toEqual(calls.map(({ route }) => route).sort());
  });

  it.each(callers.map((caller) => ({ caller, name: nameOf(caller) })))(
    'holds on every route for: $name',
    async ({ caller }) => {
      const wrong: string[] = [];
      for (const call of calls) {
        const access = accessTable[call.route];
        if (access === undefined) continue;
        const expected = mayCall(caller, access) ? 'let in' : 'refused';
        const found = (await isRefused(caller, call)) ? 'refused' : 'let in';
        if (found !== expected) wrong.push(`${call.route}: ${found}, and ought to be ${expected}`);
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it('is published in docs/roles.md; after a change run `npx vitest run --project api src/auth/access -u`', async () => {
    const options = { ...(await resolveConfig(file)), filepath: file };
    await expect(await format(withRoutes(readFileSync(file, 'utf8')), options)).toMatchFileSnapshot(file);
  });
});
