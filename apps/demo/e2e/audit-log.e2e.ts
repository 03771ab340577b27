import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { signIn, startStage, type Stage } from './stage.js';

describe.runIf(browserAvailable())('the audit log in a browser (R1.9)', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stage = await startStage();
    browser = await startBrowser();
    page = await (await newContext(browser, { width: 1440, scheme: 'light' })).newPage();
    await stage.api.patch('/feature-flags/automatic_execution', { percentage: 40 });
    await signIn(page, stage.engine.url, '/settings');
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });

  it('is found from the settings, and says that nothing was changed or removed', async () => {
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
    await page.getByText('Nothing was changed or removed').waitFor();
  });

  it('shows what an entry changed, and leads to everything about the same thing', async () => {
    await page.getByRole('textbox', { name: 'Search' }).fill('automatic_execution');
    await page.waitForURL(/q=automatic_execution/);
    await page.getByRole('button', { name: 'Feature flag updated' }).click();
    const entry = page.getByRole('dialog');
    await entry.getByRole('row', { name: 'percentage 100 40' }).waitFor();
    expect(page.url()).toContain('entry=');
    await entry.getByRole('button', { name: 'Everything done to it' }).click();
    await entry.waitFor({ state: 'detached' });
    await page.getByText('Only feature flag').waitFor();
    expect(await page.getByRole('button', { name: 'Feature flag updated' }).count()).toBe(1);
    expect(await page.getByRole('textbox', { name: 'Search' }).inputValue()).toBe('');
    await page.getByRole('button', { name: /^Without/ }).click();
    await page.getByRole('button', { name: 'Person signed in' }).first().waitFor();
  });

  it('is filtered by action, and says so when nothing matches', async () => {
    await page.getByRole('combobox', { name: 'Action' }).fill('target created');
    await page.getByRole('option', { name: 'Target created' }).click();
    await page.getByRole('button', { name: 'Target created' }).first().waitFor();
    await page.getByLabel('Until').fill('2020-01-31');
    await page.getByText('Nothing matches').waitFor();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByRole('button', { name: 'Person signed in' }).first().waitFor();
  });

  it('is filtered by who did it and by what it was done to', async () => {
    await page.getByRole('textbox', { name: 'Who' }).fill('nobody');
    await page.getByText('Nothing matches').waitFor();
    await page.getByRole('textbox', { name: 'Who' }).fill('admin');
    await page.getByRole('combobox', { name: 'Done to' }).fill('feature');
    await page.getByRole('option', { name: 'Feature flag' }).click();
    await page.getByRole('button', { name: 'Feature flag updated' }).waitFor();
    await page.getByText('One entry').waitFor();
    await page.goto(`${stage.engine.url}/audit-log`);
  });

  it('goes on to older entries, and tells none twice when new ones come in between', async () => {
    for (let percentage = 1; percentage <= 60; percentage += 1)
      await stage.api.patch('/feature-flags/automatic_execution', { percentage });
    await page.goto(`${stage.engine.url}/audit-log?action=feature_flag.updated`);
    await page.getByText('50 of 61 entries').waitFor();
    await stage.api.patch('/feature-flags/automatic_execution', { percentage: 99 });
    await page.getByRole('button', { name: 'Show older entries' }).click();
    await page.getByText('All 61 entries').waitFor();
    expect(await page.getByRole('button', { name: 'Feature flag updated' }).count()).toBe(61);
    await page.goto(`${stage.engine.url}/audit-log`);
  });

  it('is exported as a file', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('audit-log.csv');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('"feature_flag.updated"');
  });
});
