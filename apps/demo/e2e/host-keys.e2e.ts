import { startSshd, until, type Sshd } from '@aiops/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserAvailable, newContext, startBrowser } from './browser.js';
import { signIn, startStage, type Stage } from './stage.js';

interface HostKey {
  fingerprint: string;
  status: string;
  randomart: string;
  public_key: string | null;
}

describe.runIf(browserAvailable())('host keys in a browser (R1.4)', () => {
  let stage: Stage;
  let sshd: Sshd;
  let browser: Browser;
  let page: Page;
  let target: { id: string };

  beforeAll(async () => {
    stage = await startStage();
    sshd = await startSshd();
    const { host, port, username, privateKey } = sshd;
    const credential = await stage.api.post<{ id: string }>('/credentials', {
      name: 'spare-key',
      kind: 'ssh_key',
      secret: privateKey,
    });
    target = await stage.api.post('/targets', {
      name: 'spare',
      host,
      port,
      username,
      credential_id: credential.id,
    });
    browser = await startBrowser();
    page = await (await newContext(browser, { width: 1440, scheme: 'light' })).newPage();
    await signIn(page, stage.engine.url, `/targets/${target.id}`);
  });
  afterAll(async () => {
    await browser.close();
    await sshd.stop();
    await stage.stop();
  });

  const keys = () => stage.api.list<HostKey>(`/targets/${target.id}/host-keys`);
  const states = async (): Promise<string[]> => (await keys()).map(({ status }) => status).sort();

  it('are pinned before the host was ever seen, and the connection goes through', async () => {
    await page.getByRole('button', { name: 'Pin a key' }).click();
    await page.getByLabel('Public key or fingerprint').fill('no key at all');
    await page.getByRole('button', { name: 'Pin this key' }).click();
    await page.getByText('it is neither a public key line', { exact: false }).first().waitFor();
    await page.getByLabel('Public key or fingerprint').fill(sshd.hostKeyFingerprint());
    await page.getByRole('button', { name: 'Pin this key' }).click();
    await page.getByText('not seen yet', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Check connection' }).click();
    await page.getByText('The host key is accepted').waitFor();
    expect(await states()).toEqual(['accepted']);
  });

  it('that changed stand side by side with the known one; the alert leads there, and ends with the decision', async () => {
    await sshd.replaceHostKey();
    await page.getByRole('button', { name: 'Check connection' }).click();
    await page.getByRole('heading', { name: 'The host key changed' }).waitFor();
    for (const { fingerprint, randomart } of await keys()) {
      const picture = page.getByRole('img', { name: `Picture of the key ${fingerprint}` }).first();
      expect(await picture.textContent()).toBe(randomart);
    }
    await page.goto(`${stage.engine.url}/alerts`);
    await page.getByText('The SSH host key of spare changed', { exact: false }).first().click();
    await page.getByRole('link', { name: 'Review the host key' }).click();
    await page.getByRole('button', { name: 'Accept the new key…' }).click();
    await page.getByRole('button', { name: 'Accept the new key', exact: true }).click();
    await page.getByRole('heading', { name: 'The host key changed' }).waitFor({ state: 'detached' });
    expect(await states()).toEqual(['accepted', 'revoked']);
    const alerts = () => stage.api.list<{ status: string }>('/alerts?alert_name=SshHostKeyChanged');
    await until(async () => (await alerts()).map(({ status }) => status).join() === 'resolved', {
      description: 'the alert to end',
    });
  });

  it('come with a known_hosts file, which is shown line by line before it is imported', async () => {
    await page.goto(`${stage.engine.url}/targets`);
    await page.getByRole('link', { name: 'Known hosts' }).click();
    await page.getByRole('heading', { name: 'Known hosts', level: 1 }).waitFor();
    const accepted = (await keys()).find(({ status }) => status === 'accepted')?.public_key ?? '';
    await page.getByRole('button', { name: 'Import known_hosts' }).click();
    await page
      .getByLabel('Content of the file')
      .fill(
        `# ours\n[127.0.0.1]:${sshd.port} ${accepted}\n@cert-authority *.example ${accepted} our CA\nnonsense`,
      );
    await page.getByRole('button', { name: 'Preview' }).click();
    const list = page.getByRole('list', { name: 'Line by line' });
    await list.getByText('spare trusts it already').waitFor();
    await list.getByText('It has one word', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Import 1 line' }).click();
    await page.getByText('Imported 1 line.').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Trusted authority').waitFor();
    await page.getByRole('button', { name: 'Remove the rule for *.example' }).click();
    await page.getByRole('button', { name: 'Remove rule' }).click();
    await page.getByRole('heading', { name: 'No authorities and no revoked keys' }).waitFor();
  });
});
