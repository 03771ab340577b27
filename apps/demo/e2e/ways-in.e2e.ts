import { startOidcServer, type OidcServer } from '@aiops/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { PASSWORD, signIn, startStage, type Stage } from './stage.js';

const OWN = 'a password of my very own';

describe.runIf(browserAvailable())('ways in, in a browser (R1.9)', () => {
  let stage: Stage;
  let provider: OidcServer;
  let browser: Browser;
  let admin: Page;

  beforeAll(async () => {
    stage = await startStage(async (url) => {
      const client = { clientId: 'aiops', clientSecret: 'a secret of the client', appUrl: url };
      provider = await startOidcServer({ ...client, callbackPath: '/api/v1/auth/oidc/callback' });
      return {
        PUBLIC_URL: url,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: client.clientId,
        OIDC_CLIENT_SECRET: client.clientSecret,
        OIDC_ROLE_MAP: 'sre=engineer',
        OIDC_LABEL: 'Example ID',
      };
    });
    browser = await startBrowser();
    admin = await fresh();
    await signIn(admin, stage.engine.url, '/settings?tab=people');
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
    await provider.stop();
  });

  /** Somebody at a browser of their own. */
  const fresh = async (): Promise<Page> =>
    (await newContext(browser, { width: 1440, scheme: 'light' })).newPage();
  const choose = async (page: Page, button: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'New password' }).fill(OWN);
    await page.getByRole('button', { name: button }).click();
  };

  it('somebody who is invited opens the link, chooses a password, and is in', async () => {
    await admin.getByRole('button', { name: 'Invite somebody' }).click();
    const form = admin.getByRole('dialog');
    await form.getByLabel('User name').fill('jonas');
    await form.getByRole('button', { name: 'Invite', exact: true }).click();
    await form.getByText('Not sent').waitFor();
    const link = await form.locator('pre').innerText();
    await form.getByRole('button', { name: 'Done' }).click();
    await admin.getByRole('button', { name: 'Revoke the link for jonas' }).waitFor();

    const guest = await fresh();
    await guest.goto(link);
    await guest.getByRole('heading', { name: 'Welcome to AIOps' }).waitFor();
    await guest.getByRole('textbox', { name: 'New password' }).fill('jonas1234567');
    await guest.getByRole('button', { name: 'Come in' }).click();
    await guest.getByText('easy to guess', { exact: false }).first().waitFor();
    await choose(guest, 'Come in');
    await guest.getByText('● Live').waitFor();
    expect(new URL(guest.url()).pathname).toBe('/overview');

    await guest.goto(link);
    await guest.reload();
    await guest.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
  });

  it('people of a provider come in with one click, to the page that they wanted, and go the same way', async () => {
    const stranger = await fresh();
    await stranger.goto(`${stage.engine.url}/runbooks`);
    provider.signInAs({ sub: 'nobody', roles: ['sales'] });
    await stranger.getByRole('link', { name: 'Sign in with Example ID' }).click();
    await stranger.getByText('You have no role here', { exact: false }).waitFor();
    expect(stranger.url()).not.toContain('sign_in_error');

    const page = await fresh();
    await page.goto(`${stage.engine.url}/runbooks`);
    provider.signInAs({ sub: 'nora', preferred_username: 'nora', roles: ['sre'] });
    await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
    await page.getByText('● Live').waitFor();
    expect(new URL(page.url()).pathname).toBe('/runbooks');
    await page.goto(`${stage.engine.url}/account`);
    await page.getByText('You sign in through a provider', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    // The provider asks whether it is to forget them too.
    await page.waitForURL((url) => url.href.startsWith(`${provider.issuer}/session/end`));
  });

  it('who comes with a password that somebody else chose, chooses one before anything else', async () => {
    await stage.api.post('/users', {
      username: 'lisa',
      role: 'viewer',
      password: PASSWORD,
      must_change_password: true,
    });
    const lisa = await fresh();
    await lisa.goto(`${stage.engine.url}/alerts`);
    await lisa.getByLabel('User name').fill('lisa');
    await lisa.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await lisa.getByRole('button', { name: 'Sign in', exact: true }).click();
    await lisa.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
    await lisa.getByRole('textbox', { name: 'Present password' }).fill(PASSWORD);
    await choose(lisa, 'Change password');
    await lisa.getByText('● Live').waitFor();
    expect(new URL(lisa.url()).pathname).toBe('/alerts');
  });

  it('people change their password in their account, which signs them out elsewhere', async () => {
    await stage.api.post('/users', { username: 'mira', role: 'viewer', password: PASSWORD });
    const [here, elsewhere] = [await fresh(), await fresh()];
    for (const page of [here, elsewhere]) await signIn(page, stage.engine.url, '/account', 'mira');
    await here.getByRole('textbox', { name: 'Present password' }).fill('not this one');
    await choose(here, 'Change password');
    await here.getByText('This is not your present password.').first().waitFor();
    await here.getByRole('textbox', { name: 'Present password' }).fill(PASSWORD);
    await choose(here, 'Change password');
    await here.getByText('Your password is changed.', { exact: false }).waitFor();
    await elsewhere.getByRole('heading', { name: 'Sign in again' }).waitFor();
  });
});
