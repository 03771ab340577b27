import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { everyPage } from './pages.js';
import { signIn, startStage, type Stage } from './stage.js';

/** What pages do against their policy, as the browser tells them themselves. */
const watch = `
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber));
`;

/** What the app's router knows, so that a new page cannot be left out. */
const router = readFileSync(new URL('../../web/src/app/router.tsx', import.meta.url), 'utf8');
const routes = [...router.matchAll(/^ {2}path: '(\/[^']+)'/gm)].map(
  ([, path = '']) => new RegExp(`^${path.replaceAll(/\$\w+/g, '[^/?]+')}(\\?|$)`),
);

describe.runIf(browserAvailable())('the content security policy in Chromium (R1.6)', () => {
  let stage: Stage;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    stage = await startStage();
    stage.breakShop();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });
  beforeEach(async () => {
    context = await newContext(browser, { width: 1440, scheme: 'dark' });
    await context.addInitScript(watch);
    page = await context.newPage();
    errors = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`));
  });
  afterEach(() => context.close());

  const violations = () => page.evaluate<string[]>('globalThis.violations');
  const settled = () => page.waitForLoadState('networkidle').catch(() => undefined);

  it('is kept to by every page', async () => {
    await signIn(page, stage.engine.url);
    const paths = await everyPage(stage);
    expect(routes.filter((route) => !paths.some((path) => route.test(path)))).toEqual([]);
    for (const path of paths) {
      await page.goto(`${stage.engine.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled();
      expect([path, await violations()]).toEqual([path, []]);
    }
    expect(errors).toEqual([]);
  });

  it('is kept to by dialogs, menus, messages and the editor, whose styles come as they open', async () => {
    await signIn(page, stage.engine.url, '/runbooks/new');
    await page.locator('.cm-content').click();
    await page.keyboard.type('name: x');
    const gutter = await page.locator('.cm-gutters').evaluate((element) => getComputedStyle(element).display);
    expect(gutter).toBe('flex');
    await page.goto(`${stage.engine.url}/feature-flags`);
    await page.getByRole('button', { name: 'New flag' }).click();
    await page.getByRole('dialog').waitFor();
    // The library of the dialogs keeps the page behind from scrolling by a style that it adds.
    expect(await page.evaluate(() => getComputedStyle(document.body).overflow)).toBe('hidden');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await violations()).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('lets no script run that somebody brought into a page', async () => {
    await signIn(page, stage.engine.url);
    await page.evaluate(() => {
      const inline = document.createElement('script');
      inline.textContent = 'globalThis.injected = "inline"';
      document.body.append(inline);
      const image = document.createElement('div');
      image.innerHTML = '<img src="/nothing.png" onerror="globalThis.injected = \'handler\'">';
      document.body.append(image);
      const data = document.createElement('script');
      data.src = 'data:text/javascript,globalThis.injected="data"';
      document.body.append(data);
      const style = document.createElement('style');
      style.textContent = 'body { background: rgb(1, 2, 3) !important }';
      document.body.append(style);
      const frame = document.createElement('iframe');
      frame.src = '/overview';
      document.body.append(frame);
    });
    await settled();
    expect(await page.evaluate('globalThis.injected')).toBeUndefined();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe(
      'rgb(1, 2, 3)',
    );
    const directives = new Set((await violations()).map((text) => text.split(' ')[0]));
    for (const directive of ['script-src-elem', 'script-src-attr', 'style-src-elem', 'frame-src']) {
      expect([...directives]).toContain(directive);
    }
  });

  it('is kept to by the reader of the API’s document, which works', async () => {
    await page.goto(`${stage.engine.url}/api/docs`);
    await page.getByRole('heading', { name: 'AIOps Remediation Engine' }).waitFor();
    await page.locator('.opblock-tag').first().click();
    await page.locator('.opblock-summary').first().click();
    await page.locator('.opblock-body').first().waitFor();
    expect(await violations()).toEqual([]);
    await page.goto(`${stage.engine.url}/api/docs/errors`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe('672px');
    expect(await violations()).toEqual([]);
    expect(errors).toEqual([]);
  });
});
