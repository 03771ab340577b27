import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { signIn, startStage, type Stage } from './stage.js';

describe.runIf(browserAvailable())('the main job in a browser', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stage = await startStage();
    browser = await startBrowser();
    const context = await newContext(browser, { width: 1440, scheme: 'light' });
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });

  it('says what is wrong when the password is, and lets the right one in', async () => {
    await page.goto(`${stage.engine.url}/alerts`);
    await page.getByLabel('User name').fill('admin');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await signIn(page, stage.engine.url, '/alerts');
    await page.getByText('No alerts have arrived yet').waitFor();
  });

  it('goes from a killed service to the verified fix without one reload', async () => {
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    stage.breakShop();
    await page.getByRole('link', { name: 'ServiceDown' }).click();
    await page.getByText('restart-shop is prepared for approval').waitFor();
    await page.getByText('It has not fired before', { exact: false }).first().waitFor();
    await page.getByRole('link', { name: /1 waiting/ }).click();
    await openWaiting(page);
    await page.getByText('Exactly this will run:').waitFor();
    await page.getByText("echo Restarting 'shop'; shopctl restart").first().waitFor();
    await page.getByRole('button', { name: 'Approve & run' }).click();
    await page.getByText('Succeeded').first().waitFor({ timeout: 60_000 });
    await page.getByRole('log').getByText('open for business').waitFor();
    await page.getByRole('link', { name: 'Its alert' }).click();
    await page.getByText('Fixed', { exact: false }).first().waitFor();
    await page.getByText('Resolved').first().waitFor();
    expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
  });

  it('keeps an open menu and the focus when alerts come in', async () => {
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: /Theme/ }).waitFor();
    stage.breakShop();
    await page.getByRole('link', { name: /1 waiting/ }).waitFor();
    expect(await page.getByRole('menuitem', { name: /Theme/ }).isVisible()).toBe(true);
    await page.keyboard.press('Escape');
  });

  it('declines with a reason, and the alert shows it', async () => {
    await page.getByRole('link', { name: /1 waiting/ }).click();
    await openWaiting(page);
    await page.getByRole('button', { name: 'Decline…' }).click();
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByText('Declined').first().waitFor();
    await page.getByText('Not now').first().waitFor();
  });

  it('takes an alert on and gives it back', async () => {
    await page.goto(`${stage.engine.url}/alerts?view=all`);
    await page.getByRole('link', { name: 'ServiceDown' }).first().click();
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await page.getByText('admin is on it').first().waitFor();
    await page.getByRole('button', { name: 'Undo acknowledge' }).click();
    await page.getByText('nobody on it').first().waitFor();
  });

  it('switches a runbook off, so that nothing can run it, and on again', async () => {
    await page.goto(`${stage.engine.url}/runbooks/${stage.installed.runbookId}`);
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('rules that name it run nothing', { exact: false }).waitFor();
    expect(await page.getByRole('button', { name: 'Run…' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByRole('button', { name: 'Run…' }).waitFor();
  });

  it('runs a runbook by hand after it showed what will run, and stops it', async () => {
    await stage.api.post('/runbooks', {
      yaml: 'name: long-job\ndescription: Waits\ncategory: demo\nsteps:\n  - name: Wait\n    command: "echo begun; sleep 60"\n    timeout: 2m\n',
    });
    await page.goto(`${stage.engine.url}/executions`);
    await page.getByRole('button', { name: 'Run a runbook' }).click();
    await page.getByRole('combobox', { name: 'Runbook' }).click();
    await page.getByRole('option', { name: 'long-job' }).click();
    await page.getByRole('combobox', { name: /^Targets/ }).click();
    await page.getByRole('option', { name: 'demo-host' }).click();
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Show what will run' }).click();
    await page.getByText('echo begun; sleep 60').waitFor();
    await page.getByRole('button', { name: 'Run long-job' }).click();
    await page.getByRole('log').getByText('begun').waitFor();
    await page.getByRole('button', { name: 'Stop run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop run' }).click();
    await page.getByText('Stopped').first().waitFor({ timeout: 30_000 });
  });
});

/** Opens the run that waits; pages that lead there have links to other runs of the same runbook. */
const openWaiting = (page: Page): Promise<void> =>
  page
    .getByRole('row')
    .filter({ hasText: 'Waits for approval' })
    .getByRole('link', { name: /restart-shop/ })
    .first()
    .click();
