import { randomBytes } from 'node:crypto';
import type { CredentialDto, LlmProviderDto } from '@aiops/contracts';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { sealedStores } from '../../../cli/sealed-stores.js';
import { SecretReader } from '../../../executor/index.js';
import { migratedDatabase, startTestEngine, type TestEngine } from '../../../testing/test-engine.js';
import { CommandLineModule } from '../../command-line.module.js';
import { AppConfig, readSettings } from '../../config/config.js';
import { SecretBox } from '../secret-box.js';
import { Rewrapper } from './rewrapper.service.js';
import { SealedRowsRepository } from './sealed-rows.repository.js';

const [old, anew] = ['old', 'new'].map((id) => `${id}:${randomBytes(32).toString('base64')}`) as [
  string,
  string,
];
const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** An engine on a database, and what the command line has of it. */
async function stage(keys: string) {
  const database = await migratedDatabase();
  ending.push(() => database.drop());
  const engine = await startTestEngine({ DATABASE_URL: database.url, ENCRYPTION_KEYS: old });
  ending.push(() => engine.stop());
  const config = new AppConfig(readSettings({ APP_ENV: 'test', ENCRYPTION_KEYS: keys }), database.url);
  const app = await NestFactory.createApplicationContext(CommandLineModule.forConfig(config), {
    logger: false,
  });
  ending.push(() => app.close());
  return { engine, app, rewrapper: app.get(Rewrapper), database };
}

async function plant(engine: TestEngine, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const body = { name: `planted-${at}`, kind: 'password', secret: `secret ${at}` };
    await engine.api<CredentialDto>('POST', '/credentials', { body });
  }
  const provider = { name: 'planted', kind: 'anthropic', model: 'm', api_key: 'sk-ant-planted-0123456789' };
  await engine.api<LlmProviderDto>('POST', '/llm-providers', { body: provider });
}

describe('the rewrapping of all secrets', () => {
  it('puts them under the newest key, after which the old one is not needed', async () => {
    const { engine, rewrapper, database } = await stage(`${anew},${old}`);
    await plant(engine, 5);
    const keysOf = async () => [
      ...new Set(
        (await rewrapper.status(sealedStores)).flatMap(({ keys }) => keys.map(({ keyId }) => keyId)),
      ),
    ];
    expect(await keysOf()).toEqual(['old']);
    const result = await rewrapper.rewrap(sealedStores);
    expect(result.failed).toEqual([]);
    expect(result.rewrapped).toBeGreaterThanOrEqual(6);
    expect(await keysOf()).toEqual(['new']);
    expect(await rewrapper.rewrap(sealedStores)).toEqual({ rewrapped: 0, failed: [] });

    const later = await startTestEngine({ DATABASE_URL: database.url, ENCRYPTION_KEYS: anew });
    ending.push(() => later.stop());
    const reader = later.app.get(SecretReader, { strict: false });
    expect(await reader.values(['planted-3'])).toEqual({ 'planted-3': 'secret 3' });
  });

  it('goes on past what it cannot rewrap, and says what that is', async () => {
    const { engine, rewrapper } = await stage(`${anew},${old}`);
    await plant(engine, 3);
    const source = engine.app.get<DataSource>(getDataSourceToken());
    await source.query(`UPDATE credentials SET key_id = 'lost' WHERE name = 'planted-1'`);
    const { failed } = await rewrapper.rewrap(sealedStores);
    expect(failed).toMatchObject([
      { table: 'credentials', error: expect.stringContaining('"lost"') as string },
    ]);
    const [{ count }] = await source.query<[{ count: number }]>(
      `SELECT count(*)::int AS count FROM credentials WHERE key_id = 'new'`,
    );
    expect(count).toBe(2);
  });

  it('does not undo what somebody stores meanwhile', async () => {
    const { engine, app } = await stage(`${anew},${old}`);
    await plant(engine, 1);
    const [store] = sealedStores;
    if (store === undefined) throw new Error('There is no store');
    const rows = app.get(SealedRowsRepository);
    const [row] = await rows.underOtherKeys(store, 'new', null);
    if (row === undefined) throw new Error('There is no row');
    await engine.api('PATCH', `/credentials/${row.id}`, { body: { secret: 'given meanwhile' } });
    expect(await rows.replace(store, row, app.get(SecretBox).rewrap(row, store.context(row.id)))).toBe(false);
    const reader = engine.app.get(SecretReader, { strict: false });
    expect(await reader.values(['planted-0'])).toEqual({ 'planted-0': 'given meanwhile' });
  });

  it('knows of every column in which there are sealed secrets', async () => {
    const { engine } = await stage(old);
    const columns = await engine.app.get<DataSource>(getDataSourceToken()).query<{ column: string }[]>(
      `SELECT table_name || '.' || column_name AS column FROM information_schema.columns
       WHERE table_schema = current_schema() AND column_name LIKE '%sealed' ORDER BY 1`,
    );
    expect(columns.map(({ column }) => column)).toEqual(
      sealedStores.map(({ table, sealed }) => `${table}.${sealed}`).sort(),
    );
  });
});
