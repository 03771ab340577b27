import { Controller, Get, Module, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleSchema } from '@aiops/contracts';
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

describe('access policies', () => {
  it('are stated by every route', () => {
    const silent = allRoutes().filter((route) => route.policy === undefined);
    expect(silent.map((route) => route.name)).toEqual(['GET forgotten']);
    expect(allRoutes().length).toBeGreaterThan(10);
  });

  it('refuse everybody where none is stated', async () => {
    const answer = await engine.api('GET', '/forgotten');
    expect(answer.status).toBe(403);
    expect(JSON.stringify(answer.body)).not.toContain('nobody said');
  });

  it('are all in the API’s document, so that the table of who may call what has them', async () => {
    const answer = await fetch(`${engine.url}/api/v1/openapi.json`);
    const { paths } = (await answer.json()) as { paths: Record<string, object> };
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/^\/api\/v1\//, '/')}`),
    );
    const coded = allRoutes().map(({ name }) => name.replaceAll(/:(\w+)/g, '{$1}').replace(/ \/?/, ' /'));
    expect(documented.sort()).toEqual(coded.sort());
  });

  it('demand only roles that exist', () => {
    const demanded = allRoutes().flatMap(({ policy }) => (policy?.kind === 'role' ? [policy.role] : []));
    expect(demanded.length).toBeGreaterThan(50);
    expect(demanded.filter((role) => !roleSchema.safeParse(role).success)).toEqual([]);
  });
});
