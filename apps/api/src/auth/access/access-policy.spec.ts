import { Controller, Get, Module, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleSchema, type LoginResponse, type Role } from '@aiops/contracts';
import { ACCESS_POLICY, type AccessPolicy } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

@Controller('forgotten')
class ForgottenController {
  @Get()
  open(): { secret: string } {
    return { secret: 'nobody said who may see this' };
  }
}
@Module({ controllers: [ForgottenController] })
class ForgottenModule {}

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({}, [ForgottenModule]);
});
afterAll(() => engine.stop());

/** Routes that anybody may call. Whoever adds one says here that it is meant. */
const publicRoutes = ['POST auth/login', 'GET health', 'GET health/live', 'GET health/ready', 'GET metrics'];

/** What a viewer may send although it is no GET: it changes and runs nothing. */
const harmlessForViewers = ['POST rules/test', 'POST runbooks/validate'];

const SOME_ID = '01920000-0000-7000-8000-000000000000';

interface Route {
  name: string;
  policy: AccessPolicy | undefined;
}

function routesOf(controller: object): Route[] {
  const prototype = Object.getPrototypeOf(controller) as object;
  const base = String(Reflect.getMetadata(PATH_METADATA, prototype.constructor) ?? '');
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler: unknown = Reflect.get(prototype, name);
    if (typeof handler !== 'function') return [];
    const path: unknown = Reflect.getMetadata(PATH_METADATA, handler);
    if (path === undefined) return [];
    const method = RequestMethod[Number(Reflect.getMetadata(METHOD_METADATA, handler))];
    const policy = Reflect.getMetadata(ACCESS_POLICY, handler) as AccessPolicy | undefined;
    const full = [base, ...[path].flat().map(String)].join('/').replaceAll(/\/+/g, '/').replace(/\/$/, '');
    return [{ name: `${method} ${full}`, policy }];
  });
}

function allRoutes(): Route[] {
  const controllers = engine.app.get(DiscoveryService, { strict: false }).getControllers();
  return controllers.flatMap((wrapper) => {
    const controller: unknown = wrapper.instance;
    return typeof controller === 'object' && controller !== null ? routesOf(controller) : [];
  });
}

const call = (name: string, token: string | null) => {
  const [method = '', path = ''] = name.split(' ');
  const body = method === 'GET' || method === 'DELETE' ? undefined : {};
  return engine.api(method, `/${path.replaceAll(/:\w+/g, SOME_ID)}`, { token, body });
};

async function tokenOf(role: Role): Promise<string> {
  const user = { username: `some-${role}`, password: 'a long enough password' };
  await engine.api('POST', '/users', { body: { ...user, role } });
  const login = await engine.api<LoginResponse>('POST', '/auth/login', { token: null, body: user });
  return login.body.access_token;
}

describe('access policies', () => {
  it('are stated by every route', () => {
    const silent = allRoutes().filter((route) => route.policy === undefined);
    expect(silent.map((route) => route.name)).toEqual(['GET forgotten']);
    expect(allRoutes().length).toBeGreaterThan(10);
  });

  it('open exactly the routes that are meant to be open', () => {
    const open = allRoutes().filter((route) => route.policy?.kind === 'public');
    expect(open.map((route) => route.name).sort()).toEqual([...publicRoutes].sort());
  });

  it('refuse everybody where none is stated', async () => {
    const answer = await engine.api('GET', '/forgotten');
    expect(answer.status).toBe(403);
    expect(JSON.stringify(answer.body)).not.toContain('nobody said');
  });

  it('turn anonymous callers away from every other route', async () => {
    const guarded = allRoutes().filter(
      (route) => route.policy !== undefined && route.policy.kind !== 'public',
    );
    for (const { name } of guarded) {
      const answer = await call(name, null);
      expect([name, answer.status]).toEqual([name, 401]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    }
  });

  it('let a viewer change nothing and run nothing, anywhere', async () => {
    const token = await tokenOf('viewer');
    const allowed: string[] = [];
    for (const { name, policy } of allRoutes()) {
      if (name.startsWith('GET ') || policy?.kind === 'public') continue;
      const answer = await call(name, token);
      if (answer.status !== 403) allowed.push(name);
    }
    expect(allowed.sort()).toEqual(harmlessForViewers);
  });

  it('demand only roles that exist', () => {
    const demanded = allRoutes().flatMap(({ policy }) => (policy?.kind === 'role' ? [policy.role] : []));
    expect(demanded.length).toBeGreaterThan(50);
    expect(demanded.filter((role) => !roleSchema.safeParse(role).success)).toEqual([]);
  });
});
