import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { signIn, startStage, type Stage } from './stage.js';

const SECRET = 'correct-horse-battery-staple';
const OLD = 60;

describe.runIf(browserAvailable())('failed operations in a browser (R4.5)', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stage = await startStage();
    await stage.keepFailed(
      ...Array.from({ length: OLD }, (_, index) => ({ operation: 'work.of.old', payload: { index } })),
    );
    const id = '01920000-0000-7000-8000-000000000000';
    await stage.keepFailed({
      operation: 'notification.deliver',
      payload: { notification_id: id, api_key: SECRET },
      error: 'the chat said no',
    });
    browser = await startBrowser();
    page = await (await newContext(browser, { width: 1440, scheme: 'light' })).newPage();
    await signIn(page, stage.engine.url, '/settings?tab=failed');
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });

  const rows = () => page.getByRole('list', { name: 'Operations' }).getByRole('listitem');
  const untilRows = (count: number) => expect.poll(() => rows().count(), { timeout: 15_000 }).toBe(count);
  const select = (name: string) => page.getByRole('checkbox', { name });
  const choose = async (field: string, option: string) => {
    await page.getByLabel(field, { exact: true }).first().click();
    await page.getByRole('option', { name: option }).click();
  };
  const selected = (count: number) => page.getByText(`${count} selected`).waitFor();

  it('are read with their error and what they were given, without its secrets', async () => {
    await page.getByRole('button', { name: 'notification.deliver' }).click();
    const detail = page.getByRole('dialog', { name: 'notification.deliver' });
    await detail.getByText('the chat said no').waitFor();
    expect(await detail.getByLabel('Payload').textContent()).toContain('"api_key": "***"');
    expect(await page.content()).not.toContain(SECRET);
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
  });

  it('are found by text, operation and time, also under their address', async () => {
    await page.getByRole('textbox', { name: 'Search operations' }).fill('the chat');
    await page.waitForURL(/q=the/);
    await untilRows(1);
    await page.getByRole('textbox', { name: 'Search operations' }).fill('');
    await page.waitForURL((url) => !url.search.includes('q='));
    await choose('Operation', 'work.of.old');
    await choose('When', 'Last hour');
    await page.getByRole('button', { name: 'notification.deliver' }).waitFor({ state: 'detached' });
    await page.reload();
    await untilRows(50);
    expect(page.url()).toContain('since=hour');
  });

  it('are selected by key, all that are shown, and all that match; none is tried again that cannot be', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await selected(1);
    await page.keyboard.press('Escape');
    await page.getByText('1 selected').waitFor({ state: 'detached' });
    await select('Select all shown').click();
    await selected(50);
    await page.getByRole('button', { name: 'Select all that match' }).click();
    await selected(OLD);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(`Tried again: 0 of ${OLD}.`, { exact: false }).waitFor();
    await page.getByText('no work called "work.of.old"', { exact: false }).waitFor();
  });

  it('are discarded together after a question, and then there is nothing to handle of them', async () => {
    await select('Select all shown').click();
    await page.getByRole('button', { name: 'Select all that match' }).click();
    await selected(OLD);
    await page.getByRole('button', { name: 'Discard…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await page.getByText(`Discarded: ${OLD} of ${OLD}.`).waitFor();
    await page.getByRole('heading', { name: 'No operation matches these filters' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await untilRows(1);
    expect(await stage.api.list('/failed-operations?status=discarded')).toHaveLength(20);
  });

  it('are tried again one by one; then nothing is left to do', async () => {
    await page.getByRole('button', { name: 'notification.deliver' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Tried again: 1 of 1.').waitFor();
    await page.getByRole('heading', { name: 'Nothing failed for good' }).waitFor();
    await page.getByText('Retried', { exact: true }).click();
    await untilRows(1);
    await rows().getByText('by admin').waitFor();
  });
});
