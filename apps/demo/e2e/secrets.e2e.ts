import { generateSshKey } from '@aiops/testing';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOST_NAME } from '../src/engine/set-up.js';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { signIn, startStage, type Stage } from './stage.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const REASON = 'Moving the host to the new monitoring';

interface Credential {
  id: string;
  name: string;
  fingerprint: string | null;
}

describe.runIf(browserAvailable())('secrets in a browser (R1.2, R1.8)', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;
  let present: string;

  beforeAll(async () => {
    stage = await startStage();
    browser = await startBrowser();
    page = await (await newContext(browser, { width: 360, scheme: 'dark' })).newPage();
    await signIn(page, stage.engine.url, '/settings?tab=credentials');
    const { id } = await demoKey();
    const revealed = await stage.api.post<{ secrets: { secret: string } }>(`/credentials/${id}/reveal`, {
      reason: 'To give it again',
    });
    present = revealed.secrets.secret;
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });

  async function demoKey(): Promise<Credential> {
    const found = (await stage.api.list<Credential>('/credentials')).find(({ name }) => name === 'demo-key');
    if (found === undefined) throw new Error('The demo has no key.');
    return found;
  }
  const dialog = () => page.getByRole('dialog');
  async function expectAccessible(): Promise<void> {
    await page.evaluate(axe);
    const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }).then((result) => result.violations)`,
    );
    expect(found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
  }

  it('are shown to an administrator who says why, and go with the dialog', async () => {
    await page.getByRole('button', { name: 'Reveal demo-key' }).click();
    await dialog().getByLabel('Why you need to see it').fill(REASON);
    await dialog().getByRole('button', { name: 'Show it' }).click();
    await dialog().getByText('PRIVATE KEY', { exact: false }).first().waitFor();
    await dialog().getByText('Hides itself in', { exact: false }).waitFor();
    await expectAccessible();
    await dialog().getByRole('button', { name: 'Close' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Reveal demo-key' }).click();
    await dialog().getByLabel('Why you need to see it').waitFor();
    expect(await page.getByText('PRIVATE KEY', { exact: false }).count()).toBe(0);
    await page.keyboard.press('Escape');
    const { id } = await demoKey();
    const entries = await stage.api.list<{ reason: string }>(
      `/audit-log?action=credential.revealed&subject_id=${id}`,
    );
    expect(entries.map(({ reason }) => reason)).toContain(REASON);
  });

  it('that are too old are pointed out', async () => {
    await stage.ageSecret('demo-key', 400);
    await page.reload();
    await page.getByText('has had the same secret for 400 days', { exact: false }).waitFor();
    await page.getByText('◷').first().waitFor();
    await expectAccessible();
  });

  it('are tried before they count: one that a target does not take changes nothing', async () => {
    const before = await demoKey();
    await page.getByRole('button', { name: 'Rotate demo-key' }).click();
    await dialog().getByLabel('New private key').fill(generateSshKey('ed25519').private);
    await dialog().getByRole('button', { name: 'Try and rotate' }).click();
    await dialog().getByText('Nothing was changed').waitFor();
    await dialog()
      .getByRole('listitem')
      .filter({ hasText: `${HOST_NAME} ✕` })
      .waitFor();
    await expectAccessible();
    expect((await demoKey()).fingerprint).toBe(before.fingerprint);
  });

  it('count once every target took them, and the warning is gone', async () => {
    await dialog().getByLabel('New private key').fill(present);
    await dialog().getByRole('button', { name: 'Try and rotate' }).click();
    await dialog().getByText('Rotated. Its target took it.').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await page.getByText('has had the same secret', { exact: false }).waitFor({ state: 'detached' });
  });

  it('are put to use all the same when somebody insists', async () => {
    const before = await demoKey();
    await page.getByRole('button', { name: 'Rotate demo-key' }).click();
    await dialog().getByLabel('New private key').fill(generateSshKey('ed25519').private);
    await dialog().getByRole('button', { name: 'Try and rotate' }).click();
    await dialog().getByRole('button', { name: 'Rotate all the same' }).click();
    await dialog().getByText('Rotated, although 1 of 1 did not take it.', { exact: false }).waitFor();
    expect((await demoKey()).fingerprint).not.toBe(before.fingerprint);
    await dialog().getByRole('button', { name: 'Done' }).click();
  });

  it('of channels are shown the same way', async () => {
    await page.goto(`${stage.engine.url}/settings?tab=channels`);
    await page.getByRole('button', { name: 'Reveal demo-chat' }).click();
    await dialog().getByLabel('Why you need to see it').fill(REASON);
    await dialog().getByRole('button', { name: 'Show it' }).click();
    await dialog().getByText('Webhook address', { exact: true }).waitFor();
    await dialog().getByRole('button', { name: 'Hide now' }).click();
    await dialog().getByText('The secret is hidden again.').waitFor();
  });
});
