import { createTestDatabase, freePort, until } from '@aiops/testing';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Api } from '../src/engine/api.js';
import { startEngineProcess, type EngineProcess } from '../src/engine/engine-process.js';
import { HOST_NAME, setUp, type Installed } from '../src/engine/set-up.js';
import { startDemoHost } from '../src/host/demo-host.js';
import { startMonitor } from '../src/host/monitor.js';
import { installShop, shopAnswers, type Shop } from '../src/host/shop.js';
import { startChat } from '../src/story/chat.js';

export const PASSWORD = 'a password for the stage';

/** The built engine with the demo's host and shop, for a browser to look at. */
export interface Stage {
  engine: EngineProcess;
  api: Api;
  shop: Shop;
  installed: Installed;
  /** Keeps operations as such that used up their attempts. */
  keepFailed(...operations: { operation: string; payload?: object; error?: string }[]): Promise<void>;
  /** Lets the seconds pass in which a refresh token that was used is no theft. */
  makeRefreshTokensOld(): Promise<void>;
  /** Makes the secret of a credential so many days old. */
  ageSecret(name: string, days: number): Promise<void>;
  /** Kills the shop, as a crash would. */
  breakShop(): void;
  stop(): Promise<void>;
}

/** `settings` are added to those of the engine, which listens on the port that they are asked for. */
export async function startStage(
  settings: (url: string) => Promise<Record<string, string>> = () => Promise.resolve({}),
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'aiops-stage-'));
  const database = await createTestDatabase({ key: 'empty', prepare: () => Promise.resolve() });
  const port = await freePort();
  const engine = await startEngineProcess(
    {
      APP_ENV: 'test',
      AIOPS_DATA_DIR: folder,
      DATABASE_URL: database.url,
      ADMIN_PASSWORD: PASSWORD,
      // Where its chat listens.
      OUTBOUND_ALLOWED: '127.0.0.1',
      // Every test signs in.
      RATE_LIMIT_LOGIN_PER_MINUTE: '1000',
      ...(await settings(`http://127.0.0.1:${port}`)),
    },
    port,
  );
  const shop = installShop(join(folder, 'host'), await freePort());
  const shopctl = (action: string): void =>
    void execFileSync(join(shop.bin, 'shopctl'), [action], { stdio: 'ignore' });
  const host = await startDemoHost(join(folder, 'host'), shop.bin);
  shopctl('restart');
  await until(() => shopAnswers(shop), { description: 'the shop to open' });
  const chat = await startChat(() => undefined);
  const api = await Api.signIn(engine.url, 'admin', PASSWORD);
  const installed = await setUp(api, host, chat.url);
  const monitor = startMonitor(shop, engine.url, installed.ingestKey, HOST_NAME);
  return {
    engine,
    api,
    shop,
    installed,
    keepFailed: (...operations) =>
      database.query(
        `INSERT INTO failed_operations (id, operation, payload, error, attempts, status, failed_at)
         SELECT gen_random_uuid(), each->>'operation', coalesce(each->'payload', '{}'),
           coalesce(each->>'error', 'connect ECONNREFUSED 10.0.0.9:443'), 6, 'failed', now()
         FROM jsonb_array_elements($1) AS each`,
        [JSON.stringify(operations)],
      ),
    makeRefreshTokensOld: () =>
      database.query(`UPDATE refresh_tokens SET used_at = used_at - interval '1 minute'`),
    ageSecret: (name, days) =>
      database.query(
        `UPDATE credentials SET last_rotated_at = now() - $2 * interval '1 day' WHERE name = $1`,
        [name, days],
      ),
    breakShop: () => process.kill(Number(readFileSync(shop.pidFile, 'utf8')), 'SIGKILL'),
    stop: async () => {
      monitor.stop();
      chat.stop();
      shopctl('stop');
      await host.stop();
      await engine.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Signs in through the page, as a person does. */
export async function signIn(page: Page, url: string, path = '/overview', username = 'admin'): Promise<void> {
  await page.goto(`${url}${path}`);
  await page.getByLabel('User name').fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('● Live').waitFor();
}
