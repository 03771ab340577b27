import { setup } from '@aiops/testing/global-setup';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { newContext, startBrowser, type Look } from './browser.js';
import { signIn, startStage, type Stage } from './stage.js';

const looks: (Look & { name: string })[] = [
  { name: 'light', width: 1440, scheme: 'light' },
  { name: 'dark', width: 1440, scheme: 'dark' },
  { name: 'phone-light', width: 360, scheme: 'light' },
  { name: 'phone-dark', width: 360, scheme: 'dark' },
];

/** Takes a picture of every page in both themes, at the width of a desk and of a phone, while the story goes on. */
export async function takePictures(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const tearDown = await setup();
  const stage = await startStage();
  const browser = await startBrowser();
  try {
    stage.breakShop();
    const waiting = await first(stage, '/executions');
    const alert = await first(stage, '/alerts');
    const target = await first(stage, '/targets');
    const pages = async (page: Page, look: string, paths: Record<string, string>): Promise<void> => {
      for (const [name, path] of Object.entries(paths)) {
        await page.goto(`${stage.engine.url}${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await page.screenshot({
          path: join(folder, `${name}-${look}.png`),
          fullPage: look.startsWith('phone'),
        });
      }
    };
    const inEveryLook = async (paths: Record<string, string>): Promise<void> => {
      for (const look of looks) {
        const context = await newContext(browser, look);
        const page = await context.newPage();
        await signIn(page, stage.engine.url);
        await pages(page, look.name, paths);
        await context.close();
      }
    };
    await inEveryLook({
      overview: '/overview',
      alerts: '/alerts',
      approval: `/executions/${waiting.id}`,
      runbooks: '/runbooks',
      runbook: `/runbooks/${stage.installed.runbookId}`,
      rules: '/rules',
      target: `/targets/${target.id}`,
      settings: '/settings',
    });
    await stage.api.post(`/executions/${waiting.id}/approve`, {});
    await untilFixed(stage, waiting.id);
    await inEveryLook({
      alert: `/alerts/${alert.id}`,
      executions: '/executions',
      execution: `/executions/${waiting.id}`,
    });
  } finally {
    await browser.close();
    await stage.stop();
    await tearDown();
  }
}

async function first(stage: Stage, path: string): Promise<{ id: string }> {
  for (;;) {
    const [found] = await stage.api.list<{ id: string }>(path);
    if (found !== undefined) return found;
    await new Promise((next) => setTimeout(next, 100));
  }
}

async function untilFixed(stage: Stage, id: string): Promise<void> {
  while ((await stage.api.get<{ status: string }>(`/executions/${id}`)).status !== 'succeeded') {
    await new Promise((next) => setTimeout(next, 100));
  }
}
