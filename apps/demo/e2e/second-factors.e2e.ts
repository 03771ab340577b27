import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { startStage, type Stage } from './stage.js';

const PASSWORD = 'a password for the second step';

describe.runIf(browserAvailable())('second factors in a browser (R1.5)', () => {
  let stage: Stage;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let people = 0;
  /** Browsers give passkeys to `localhost`, and to no address. */
  let url: string;

  beforeAll(async () => {
    stage = await startStage(() => Promise.resolve({ MFA_REQUIRED_ROLES: 'engineer' }));
    url = stage.engine.url.replace('127.0.0.1', 'localhost');
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });
  beforeEach(async () => {
    context = await newContext(browser, { width: 1440, scheme: 'light' });
    page = await context.newPage();
  });
  afterEach(() => context.close());

  async function person(role: string): Promise<string> {
    const username = `person-${++people}`;
    await stage.api.post('/users', { username, role, password: PASSWORD });
    return username;
  }
  async function enterPassword(username: string): Promise<void> {
    await page.getByLabel('User name').fill(username);
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }
  async function signOut(): Promise<void> {
    await page.goto(`${url}/account`);
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: 'Sign in to AIOps' }).waitFor();
  }
  const live = () => page.getByText('● Live').waitFor();
  const codeOf = (secret: string, steps: number): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

  async function setUpApp(): Promise<{ secret: string; codes: string[] }> {
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('img', { name: 'QR code for an authenticator app' }).waitFor();
    const secret = (await dialog.locator('code').innerText()).replaceAll(' ', '');
    await dialog.getByLabel('The code that it shows now').fill(codeOf(secret, -1));
    await dialog.getByRole('button', { name: 'Set up' }).click();
    await dialog.getByRole('list', { name: 'Recovery codes' }).waitFor();
    const codes = await dialog.getByRole('listitem').allInnerTexts();
    await dialog.getByLabel('I have kept them').check();
    await dialog.getByRole('button', { name: 'Done' }).click();
    return { secret, codes };
  }

  it('are set up before anything else by whose role needs one, and asked for from then on', async () => {
    const username = await person('engineer');
    await page.goto(`${url}/alerts`);
    await enterPassword(username);
    await page.getByRole('heading', { name: 'One more thing proves that it is you' }).waitFor();
    const { secret, codes } = await setUpApp();
    expect(codes).toHaveLength(10);
    await live();

    await signOut();
    await enterPassword(username);
    await page.getByLabel('Code of your authenticator app').fill('000000');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').getByText('This does not prove who you are').waitFor();
    await page.getByLabel('Code of your authenticator app').fill(codeOf(secret, 0));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await live();

    await signOut();
    await enterPassword(username);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(codes[3] ?? '');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await live();
    await page.goto(`${url}/account`);
    await page.getByText('9 left').waitFor();
  });

  it('may be a passkey, which signs in by itself and goes when its person removes it', async () => {
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.goto(`${url}/account`);
    await enterPassword(await person('viewer'));
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Laptop');
    await page.getByRole('button', { name: 'Make passkey' }).click();
    await page.getByLabel('I have kept them').check();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('list', { name: 'Second factors' }).getByText('Laptop').waitFor();

    await signOut();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await live();
    await page.goto(`${url}/account`);
    await page.getByRole('button', { name: 'Remove the passkey Laptop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('None yet').waitFor();

    await signOut();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('alert').waitFor();
  });
});
