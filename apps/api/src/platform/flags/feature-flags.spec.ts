import { getDataSourceToken } from '@nestjs/typeorm';
import type { FeatureFlagDto, LoginResponse, PageDto, Problem } from '@aiops/contracts';
import { until } from '@aiops/testing';
import { OpenFeature } from '@openfeature/server-sdk';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { OperationalError } from '../errors/errors.js';
import { FlagSnapshot } from './flag-snapshot.service.js';
import { FeatureFlags } from './feature-flags.service.js';

let engine: TestEngine;
let replica: TestEngine;
let worker: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ AIOPS_ROLE: 'api' });
  replica = await startTestEngine({ AIOPS_ROLE: 'api', DATABASE_URL: engine.databaseUrl });
  worker = await startTestEngine({ AIOPS_ROLE: 'worker', DATABASE_URL: engine.databaseUrl });
});
afterAll(async () => {
  await worker?.stop();
  await replica?.stop();
  await engine?.stop();
});

const somebody = { kind: 'user', id: '1', role: 'viewer' } as const;
const isOn = (
  at: TestEngine,
  key: string,
  fallback = false,
  actor: typeof somebody | { id: string } = somebody,
) => at.app.get(FeatureFlags).isOn(key, { ...somebody, ...actor }, fallback);
const create = (body: object) => engine.api<FeatureFlagDto>('POST', '/feature-flags', { body });
const change = (key: string, body: object) =>
  engine.api<FeatureFlagDto & Problem>('PATCH', `/feature-flags/${key}`, { body });

describe('feature flags (R5.3)', () => {
  it('are made, read, changed and removed by administrators', async () => {
    const made = await create({ key: 'night.mode', description: 'Dims the screens' });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe('/api/v1/feature-flags/night.mode');
    expect(made.body).toMatchObject({ enabled: false, percentage: 100, version: 1, updated_by: 'admin' });
    const changed = await change('night.mode', { enabled: true, percentage: 20, version: 1 });
    expect(changed.body).toMatchObject({
      description: 'Dims the screens',
      enabled: true,
      percentage: 20,
      version: 2,
    });
    expect((await engine.api('GET', '/feature-flags/night.mode')).body).toEqual(changed.body);
    const page = await engine.api<PageDto<FeatureFlagDto>>('GET', '/feature-flags?q=DIMS');
    expect(page.body.data.map(({ key }) => key)).toEqual(['night.mode']);
    expect((await engine.api('DELETE', '/feature-flags/night.mode')).status).toBe(204);
    expect((await engine.api('GET', '/feature-flags/night.mode')).status).toBe(404);
    expect((await engine.api('DELETE', '/feature-flags/night.mode')).status).toBe(404);
  });

  it('are refused with the fields that are wrong', async () => {
    for (const [field, body] of [
      ['key', { key: 'Not A Key' }],
      ['key', { key: 'dots..in-a-row' }],
      ['percentage', { key: 'fine', percentage: 101 }],
      ['percentage', { key: 'fine', percentage: 0.5 }],
      ['enabled', { key: 'fine', enabled: 'yes' }],
      ['variants', { key: 'fine', variants: [] }],
    ] as const) {
      const { status, body: problem } = await engine.api<Problem>('POST', '/feature-flags', { body });
      expect([status, problem.errors?.[0]?.field]).toEqual([400, field]);
    }
  });

  it('are not made twice, and not changed by somebody who has not seen the last change', async () => {
    await create({ key: 'contended' });
    expect((await create({ key: 'contended' })).status).toBe(409);
    expect((await change('contended', { enabled: true, version: 1 })).status).toBe(200);
    const late = await change('contended', { percentage: 5, version: 1 });
    expect(late).toMatchObject({ status: 409, body: { type: '/api/docs/errors#conflict' } });
    const racing = await Promise.all(
      [1, 2, 3, 4].map((percentage) => change('contended', { percentage, version: 2 })),
    );
    expect(racing.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('are there for viewers to read and not to change', async () => {
    const user = { username: 'looker', password: 'a long enough password' };
    await engine.api('POST', '/users', { body: { ...user, role: 'viewer' } });
    const login = await engine.api<LoginResponse>('POST', '/auth/login', { token: null, body: user });
    const token = login.body.access_token;
    expect((await engine.api('GET', '/feature-flags/automatic_execution', { token })).status).toBe(200);
    const body = { enabled: false };
    const answer = await engine.api('PATCH', '/feature-flags/automatic_execution', { token, body });
    expect(answer.status).toBe(403);
  });

  it('hold what was asked for as long as there is no such flag', async () => {
    expect(await isOn(engine, 'nobody-made-this', true)).toBe(true);
    expect(await isOn(engine, 'nobody-made-this', false)).toBe(false);
  });

  it('are on for the same share of callers on every replica', async () => {
    await create({ key: 'half', enabled: true, percentage: 50 });
    const callers = Array.from({ length: 40 }, (_, index) => ({ id: `caller ${index}` }));
    const at = async (one: TestEngine): Promise<boolean[]> =>
      Promise.all(callers.map((caller) => isOn(one, 'half', false, caller)));
    const here = await at(engine);
    expect(new Set(here).size).toBe(2);
    await until(async () => (await isOn(replica, 'half', false)) === (await isOn(engine, 'half', false)), {
      description: 'the flag on the replica',
    });
    expect(await at(replica)).toEqual(here);
    await change('half', { percentage: 80 });
    const more = await at(engine);
    expect(here.every((had, index) => !had || more[index])).toBe(true);
    expect(more.filter(Boolean).length).toBeGreaterThan(here.filter(Boolean).length);
  });

  it('change at once where it was asked, and within moments on other replicas and workers', async () => {
    await create({ key: 'live', enabled: true });
    for (const enabled of [true, false, true]) {
      await change('live', { enabled });
      expect(await isOn(engine, 'live')).toBe(enabled);
      // Far less than what is read anew in any case: it was announced.
      const options = { timeoutMs: 3_000, intervalMs: 10 };
      await until(async () => (await isOn(replica, 'live')) === enabled, {
        ...options,
        description: 'the replica to know',
      });
      await until(async () => (await isOn(worker, 'live')) === enabled, {
        ...options,
        description: 'the worker to know',
      });
    }
  });

  it('hold what is known while the database cannot be asked, and are not guessed when nothing is', async () => {
    await create({ key: 'lasting', enabled: true });
    expect(await isOn(engine, 'lasting')).toBe(true);
    const newcomer = await startTestEngine({ AIOPS_ROLE: 'worker', DATABASE_URL: engine.databaseUrl });
    const source = engine.app.get<DataSource>(getDataSourceToken());
    await source.query('ALTER TABLE feature_flags RENAME TO flags_away');
    try {
      engine.app.get(FlagSnapshot).invalidate();
      expect(await isOn(engine, 'lasting')).toBe(true);
      await expect(isOn(newcomer, 'lasting', true)).rejects.toThrow(OperationalError);
    } finally {
      await source.query('ALTER TABLE flags_away RENAME TO feature_flags');
      await newcomer.stop();
    }
  });

  it('leave OpenFeature’s default for others, and each engine its own', async () => {
    expect(await OpenFeature.getClient().getBooleanValue('live', false)).toBe(false);
    const other = await startTestEngine();
    try {
      await other.api('POST', '/feature-flags', { body: { key: 'only-there', enabled: true } });
      expect(await isOn(other, 'only-there')).toBe(true);
      expect(await isOn(engine, 'only-there')).toBe(false);
    } finally {
      await other.stop();
    }
    expect(await isOn(engine, 'live')).toBe(true);
  });
});
