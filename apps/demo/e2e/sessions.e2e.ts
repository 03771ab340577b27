import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { PASSWORD, signIn, startStage, type Stage } from './stage.js';

const VERA = { username: 'vera', password: 'a password for vera' };

describe.runIf(browserAvailable())('sessions in a browser (R1.5)', () => {
  let stage: Stage;
  let browser: Browser;
  let contexts: BrowserContext[];
  let page: Page;

  beforeAll(async () => {
    stage = await startStage();
    await stage.api.post('/users', { ...VERA, role: 'viewer' });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });
  beforeEach(async () => {
    contexts = [];
    page = await (await newDevice()).newPage();
  });
  afterEach(() => Promise.all(contexts.map((context) => context.close())));

  async function newDevice(): Promise<BrowserContext> {
    const context = await newContext(browser, { width: 1440, scheme: 'light' });
    contexts.push(context);
    return context;
  }
  const live = (at: Page) => at.getByText('● Live').waitFor();
  const signInPage = (at: Page) => at.getByRole('heading', { name: 'Sign in to AIOps' }).waitFor();
  const open = async (at: Page, path: string): Promise<void> => {
    await at.goto(stage.engine.url + path);
    await live(at);
  };
  /** Makes every access token worthless, as time would. */
  async function retireSigningKeys(): Promise<void> {
    for (const { kid } of await stage.api.list<{ kid: string }>('/signing-keys')) {
      await stage.api.delete(`/signing-keys/${kid}`);
    }
  }
  async function signInAsVera(at: Page, path = '/overview'): Promise<void> {
    await at.goto(stage.engine.url + path);
    await at.getByLabel('User name').fill(VERA.username);
    await at.getByRole('textbox', { name: 'Password' }).fill(VERA.password);
    await at.getByRole('button', { name: 'Sign in' }).click();
    await live(at);
  }

  it('outlive a reload and a new tab, and no script can read what they live from', async () => {
    await signIn(page, stage.engine.url);
    await page.reload();
    await live(page);
    const tab = await page.context().newPage();
    await open(tab, '/alerts');
    const readable = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(readable).not.toMatch(/eyJ/);
    expect(readable).toContain('aiops_signed_in=1');
    const cookies = await page.context().cookies(`${stage.engine.url}/api/v1/auth/refresh`);
    const token = cookies.find(({ name }) => name === 'aiops_refresh');
    expect(token).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/v1/auth' });
    expect(readable).not.toContain(token?.value);
  });

  it('go on in all tabs without a word when the access token is not good any more, one refresh at a time', async () => {
    await signIn(page, stage.engine.url);
    const tabs = [page, await page.context().newPage(), await page.context().newPage()];
    await Promise.all(tabs.slice(1).map((tab) => open(tab, '/overview')));
    await retireSigningKeys();
    let atOnce = 0;
    let most = 0;
    const statuses: number[] = [];
    page.context().on('request', (request) => {
      if (request.url().endsWith('/auth/refresh')) most = Math.max(most, (atOnce += 1));
    });
    page.context().on('response', (response) => {
      if (!response.url().endsWith('/auth/refresh')) return;
      atOnce -= 1;
      statuses.push(response.status());
    });
    await Promise.all(
      tabs.map(async (tab) => {
        await tab.getByRole('link', { name: 'Runbooks' }).click();
        await tab.getByRole('link', { name: 'restart-shop' }).waitFor();
      }),
    );
    expect(most).toBe(1);
    expect(statuses.length).toBeGreaterThanOrEqual(1);
    expect(new Set(statuses)).toEqual(new Set([200]));
    await Promise.all(tabs.map(live));
  });

  it('end in all tabs when one signs out, and do not come back with a reload', async () => {
    await signIn(page, stage.engine.url);
    const tab = await page.context().newPage();
    await open(tab, '/alerts');
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await Promise.all([signInPage(page), signInPage(tab)]);
    await page.getByRole('status').getByText('You have signed out.').waitFor();
    await tab.reload();
    await signInPage(tab);
    expect(await tab.getByText('You have signed out.').count()).toBe(0);
  });

  it('are listed with their device; one that is ended there says so at once, and keeps its page', async () => {
    const phone = await (await newDevice()).newPage();
    await signInAsVera(phone, '/alerts?view=all');
    await signInAsVera(page, '/account');
    const rows = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.first().textContent()).toMatch(/Chrome on Linux.*This one.*127\.0\.0\.1.*in use now/);
    expect(await rows.nth(1).textContent()).toMatch(/Chrome on Linux.*ago.*signed in/);
    await page.getByRole('button', { name: 'End the session on Chrome on Linux' }).click();
    await page.getByText('The session on Chrome on Linux has ended.').waitFor();
    await expect.poll(() => rows.count()).toBe(1);
    await phone
      .getByRole('status')
      .getByText('You ended this session from another one.', { exact: false })
      .waitFor();
    await phone.getByRole('textbox', { name: 'Password' }).fill(VERA.password);
    await phone.getByRole('button', { name: 'Sign in' }).click();
    await live(phone);
    expect(phone.url()).toContain('/alerts?view=all');
  });

  it('are all ended but one’s own, and then everywhere', async () => {
    const phone = await (await newDevice()).newPage();
    await signInAsVera(phone);
    await signInAsVera(page, '/account');
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End all others' }).click();
    await phone.getByRole('heading', { name: 'Sign in again' }).waitFor();
    await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await signInPage(page);
    await page.getByText('You have signed out everywhere.').waitFor();
  });

  it('are ended by an administrator for somebody else, who is told', async () => {
    const hers = await (await newDevice()).newPage();
    await signInAsVera(hers);
    await signIn(page, stage.engine.url, '/settings?tab=people');
    await page.getByRole('button', { name: 'Sign vera out everywhere' }).click();
    await page.getByRole('button', { name: 'Sign out everywhere', exact: true }).click();
    await page.getByText('vera is signed out everywhere.').waitFor();
    await hers.getByText('An administrator ended your sessions.', { exact: false }).waitFor();
    // A page that is opened later is told too.
    await hers.reload();
    await signInPage(hers);
  });

  it('whose refresh token was used by somebody else too are ended for both, who are told', async () => {
    await signIn(page, stage.engine.url);
    const cookies = await page.context().cookies(`${stage.engine.url}/api/v1/auth/refresh`);
    const stolen = cookies.find(({ name }) => name === 'aiops_refresh')?.value ?? '';
    await page.reload();
    await live(page);
    await stage.makeRefreshTokensOld();
    const thief = await fetch(`${stage.engine.url}/api/v1/auth/refresh`, {
      method: 'POST',
      headers: { Cookie: `aiops_refresh=${stolen}` },
    });
    expect(thief.status).toBe(401);
    await page.getByText('was used twice', { exact: false }).waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await live(page);
  });
});
