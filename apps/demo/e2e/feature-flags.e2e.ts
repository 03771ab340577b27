import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { signIn, startStage, type Stage } from './stage.js';

interface Flag {
  key: string;
  enabled: boolean;
  percentage: number;
}

describe.runIf(browserAvailable())('feature flags in a browser (R5.3)', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stage = await startStage();
    browser = await startBrowser();
    page = await (await newContext(browser, { width: 1440, scheme: 'light' })).newPage();
    await signIn(page, stage.engine.url, '/settings');
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });

  const stored = async (key: string): Promise<Flag | undefined> =>
    (await stage.api.list<Flag>('/feature-flags')).find((flag) => flag.key === key);
  const row = (key: string) => page.getByRole('row').filter({ hasText: key });

  it('are found from the settings, and take automatic execution back with one click', async () => {
    await page.getByRole('link', { name: 'Feature flags' }).click();
    await page.getByRole('heading', { name: 'Feature flags' }).waitFor();
    await page.getByRole('switch', { name: 'automatic_execution is on' }).waitFor();
    // The input itself lies hidden under what one sees of the switch.
    const isOn = row('automatic_execution').locator('.mantine-Switch-track');
    await isOn.click();
    await row('automatic_execution').getByText('nobody').waitFor();
    expect(await stored('automatic_execution')).toMatchObject({ enabled: false, percentage: 100 });
    await isOn.click();
    await row('automatic_execution').getByText('everybody').waitFor();
    expect(await stored('automatic_execution')).toMatchObject({ enabled: true });
  });

  it('are made, for a part of all callers, and say what is wrong with them', async () => {
    await page.getByRole('button', { name: 'New flag' }).click();
    await page.getByLabel('Key').fill('Not a key');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Use lower-case words', { exact: false }).first().waitFor();
    await page.getByLabel('Key').fill('night.mode');
    await page.getByLabel('What it switches').fill('Dims the screens');
    await page.getByRole('dialog').getByRole('switch', { name: 'On' }).click();
    await page.getByLabel('For how many of a hundred').fill('30');
    await page.getByRole('button', { name: 'Save' }).click();
    await row('night.mode').getByText('30 % of all').waitFor();
    expect(await stored('night.mode')).toMatchObject({ enabled: true, percentage: 30 });
  });

  it('are not overwritten with what somebody else has changed meanwhile', async () => {
    await page.getByRole('button', { name: 'Edit night.mode' }).click();
    await stage.api.patch('/feature-flags/night.mode', { percentage: 60 });
    await page.getByLabel('What it switches').fill('Something else');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('was changed by admin meanwhile', { exact: false }).waitFor();
    expect(await stored('night.mode')).toMatchObject({ percentage: 60, description: 'Dims the screens' });
    await page.keyboard.press('Escape');
    await row('night.mode').getByText('60 % of all').waitFor();
  });

  it('are deleted after a question', async () => {
    await page.getByRole('button', { name: 'Edit night.mode' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete flag' }).click();
    await row('night.mode').waitFor({ state: 'detached' });
    expect(await stored('night.mode')).toBeUndefined();
  });
});
