import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOST_NAME } from '../src/engine/set-up.js';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { PASSWORD, signIn, startStage, type Stage } from './stage.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Access {
  risk: string;
  approve: { role: string | null; users: string[] };
  self_approval: boolean;
}
interface Key {
  id: string;
  name: string;
  scopes: string[];
  replaced_by: string | null;
}

describe.runIf(browserAvailable())('access in a browser (R1.9)', () => {
  let stage: Stage;
  let browser: Browser;
  let admin: Page;
  let rob: Page;

  beforeAll(async () => {
    stage = await startStage();
    browser = await startBrowser();
    for (const [username, display_name] of [
      ['rob', 'Rob'],
      ['ann', 'Ann'],
    ])
      await stage.api.post('/users', { username, display_name, role: 'responder', password: PASSWORD });
    admin = await (await newContext(browser, { width: 1440, scheme: 'light' })).newPage();
    rob = await (await newContext(browser, { width: 360, scheme: 'dark' })).newPage();
    await signIn(admin, stage.engine.url, `/runbooks/${stage.installed.runbookId}`);
    await signIn(rob, stage.engine.url, `/runbooks/${stage.installed.runbookId}`, 'rob');
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });

  const access = () => stage.api.get<Access>(`/runbooks/${stage.installed.runbookId}/access`);
  const picture = async (page: Page, name: string): Promise<void> => {
    const folder = process.env['AIOPS_PICTURES'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };
  async function fillIn(page: Page): Promise<void> {
    await page.getByRole('combobox', { name: 'Targets' }).fill(HOST_NAME);
    await page.getByRole('option', { name: HOST_NAME }).click();
    await page.getByRole('textbox', { name: 'service' }).fill('shop');
    await page.getByRole('button', { name: 'Show what will run' }).click();
    await page.getByText('This will run').waitFor();
  }
  async function expectAccessible(page: Page): Promise<void> {
    await page.evaluate(axe);
    const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }).then((result) => result.violations)`,
    );
    expect(found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  }

  it('is set on the page of the runbook, by risk, role and name', async () => {
    await admin.getByRole('tab', { name: 'Access' }).click();
    await admin.getByText('Nobody has set this yet', { exact: false }).waitFor();
    expect(await admin.getByRole('radio', { name: 'High' }).isChecked()).toBe(true);
    await admin.getByRole('group', { name: 'Who may approve it' }).getByLabel('And these people').fill('ann');
    await admin.keyboard.press('Enter');
    await picture(admin, 'access-admin');
    await expectAccessible(admin);
    await admin.getByRole('button', { name: 'Save access' }).click();
    await admin.getByText('Who may approve it: engineers and above, or Ann.').waitFor();
    expect(await access()).toMatchObject({ risk: 'high', approve: { role: 'engineer', users: ['ann'] } });
  });

  it('names the field that is wrong', async () => {
    const people = admin.getByRole('group', { name: 'Who may run it' }).getByLabel('And these people');
    await people.fill('nobody-of-that-name');
    await admin.keyboard.press('Enter');
    await admin.getByRole('button', { name: 'Save access' }).click();
    await admin.getByText('There is no person with the user name', { exact: false }).first().waitFor();
    await people.press('Backspace');
    // The list of names would lie over what is below.
    await people.press('Tab');
  });

  it('is for responders to read', async () => {
    await rob.getByRole('tab', { name: 'Access' }).click();
    await rob.getByText('Who may approve it: engineers and above, or Ann.').waitFor();
    expect(await rob.getByRole('button', { name: 'Save access' }).count()).toBe(0);
    await picture(rob, 'access-rob');
    await expectAccessible(rob);
  });

  it('tells a responder before a run that it will wait, and on the card who may approve', async () => {
    await rob.getByRole('button', { name: 'Run…' }).click();
    await rob.getByText('Who may give it: engineers and above, or Ann.', { exact: false }).waitFor();
    await fillIn(rob);
    await picture(rob, 'run-rob');
    await rob.getByRole('button', { name: 'Ask to run' }).click();
    await rob.getByText('You may not approve this. Who may: engineers and above, or Ann.').waitFor();
    expect(await rob.getByRole('button', { name: 'Approve & run' }).isDisabled()).toBe(true);
    expect(await rob.getByRole('button', { name: 'Decline…' }).isEnabled()).toBe(true);
    await picture(rob, 'approval-rob');
    await expectAccessible(rob);
    await rob.getByRole('button', { name: 'Decline…' }).click();
    await rob.getByRole('button', { name: 'Not now' }).click();
    await rob.getByText('Rejected by rob: Not now').waitFor();
  });

  it('with four eyes keeps even an administrator from approving what they asked for', async () => {
    await admin.getByRole('switch', { name: 'Four eyes: a second person approves' }).check();
    await admin.getByRole('button', { name: 'Save access' }).click();
    await admin.getByText('and never who asked for the run', { exact: false }).waitFor();
    expect(await access()).toMatchObject({ self_approval: false });
    await admin.getByRole('button', { name: 'Run…' }).click();
    await admin.getByText('the approval of a second person', { exact: false }).waitFor();
    await fillIn(admin);
    await admin.getByRole('button', { name: 'Ask to run' }).click();
    await admin.getByText('You asked for this run yourself', { exact: false }).waitFor();
    expect(await admin.getByRole('button', { name: 'Approve & run' }).isDisabled()).toBe(true);
  });

  it('of programs is a key: made for a purpose, shown once, and rotated', async () => {
    await admin.goto(`${stage.engine.url}/settings?tab=api-keys`);
    await admin.getByRole('button', { name: 'New API key' }).click();
    await admin.getByRole('textbox', { name: 'Name' }).fill('Night watch');
    await admin.getByLabel('What it is for, and whom to ask').fill('Runs the nightly checks; asks platform');
    await admin.getByLabel('Send alerts').uncheck();
    await admin.getByLabel('Read').check();
    await admin.getByLabel('Run and stop runbooks').check();
    await picture(admin, 'key-form');
    await expectAccessible(admin);
    await admin.getByRole('button', { name: 'Make key' }).click();
    const shown = await admin.getByText(/^aiops_[\w-]{43}$/).textContent();
    const copy = await admin.getByRole('button', { name: 'Copy the key' }).boundingBox();
    const drawer = await admin.getByRole('dialog').boundingBox();
    expect((copy?.x ?? 0) + (copy?.width ?? 0)).toBeLessThan((drawer?.x ?? 0) + (drawer?.width ?? 0));
    await admin.getByRole('button', { name: 'Done' }).click();
    const keys = await stage.api.list<Key>('/api-keys?q=Night');
    expect(keys).toMatchObject([{ name: 'Night watch', scopes: ['read', 'run'] }]);
    await admin.getByText('Read, run and stop runbooks, as viewer').waitFor();

    await admin.getByRole('button', { name: 'Rotate Night watch' }).click();
    await admin.getByRole('button', { name: 'Make new key' }).click();
    const next = await admin.getByText(/^aiops_[\w-]{43}$/).textContent();
    expect(next).not.toBe(shown);
    await admin.getByRole('button', { name: 'Done' }).click();
    await admin.getByText('One key needs a look').waitFor();
    await admin.getByText('It was rotated: its holders must change over.', { exact: false }).waitFor();
    await picture(admin, 'keys');
    await expectAccessible(admin);
    const rotated = await stage.api.list<Key>('/api-keys?q=Night');
    expect(rotated.map((key) => key.replaced_by === null).sort()).toEqual([false, true]);
  });
});
