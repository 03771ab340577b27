import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser, type Look } from './browser.js';
import { everyPage } from './pages.js';
import { signIn, startStage, type Stage } from './stage.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const looks: Look[] = [
  { width: 1440, scheme: 'light' },
  { width: 1440, scheme: 'dark' },
  { width: 360, scheme: 'light' },
  { width: 360, scheme: 'dark' },
];

interface Finding {
  id: string;
  nodes: { html: string }[];
}

describe.runIf(browserAvailable())('the pages', () => {
  let stage: Stage;
  let browser: Browser;
  let paths: string[];

  beforeAll(async () => {
    stage = await startStage();
    browser = await startBrowser();
    stage.breakShop();
    await stage.keepFailed({ operation: 'notification.deliver' }, { operation: 'analysis.run' });
    paths = await everyPage(stage);
  });
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });

  async function visit(page: Page, path: string): Promise<void> {
    await page.goto(`${stage.engine.url}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('● Live').waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
  }

  it.each(looks)('are accessible and fit the screen at $width px in the $scheme theme', async (look) => {
    const context = await newContext(browser, look);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
    await signIn(page, stage.engine.url);
    for (const path of paths) {
      await visit(page, path);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) problems.push(`${path}: ${overflow} px too wide`);
      await page.evaluate(axe);
      const findings = await page.evaluate<Finding[]>(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }).then((result) => result.violations)`,
      );
      for (const finding of findings)
        problems.push(
          `${path}: ${finding.id}: ${finding.nodes
            .slice(0, 3)
            .map((node) => node.html.slice(0, 160))
            .join(' | ')}`,
        );
    }
    await context.close();
    expect(problems).toEqual([]);
  });
});
