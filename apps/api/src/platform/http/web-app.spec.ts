import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secureAnswers } from './security-headers.js';
import { serveWebApp } from './web-app.js';

let root: string;
let app: FastifyInstance;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'aiops-web-'));
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<title>page</title>');
  mkdirSync(join(root, 'nonce'));
  writeFileSync(
    join(root, 'nonce', 'index.html'),
    '<meta nonce="AIOPS_CSP_NONCE"><b nonce="AIOPS_CSP_NONCE">',
  );
  mkdirSync(join(root, 'nonce', 'assets'));
  writeFileSync(join(root, 'favicon.svg'), '<svg/>');
  writeFileSync(join(root, 'assets', 'app-1a2b.js'), 'app()');
  writeFileSync(join(root, '..', 'aiops-outside.txt'), 'TOP SECRET');
  app = fastify();
  secureAnswers(app);
  await serveWebApp(app, root);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  rmSync(join(root, '..', 'aiops-outside.txt'));
  rmSync(root, { recursive: true, force: true });
});
const get = (url: string) => app.inject({ method: 'GET', url });

describe('the web app', () => {
  it('has its page at every address that is not the engine’s, for it routes by itself', async () => {
    for (const url of ['/', '/alerts', '/runbooks/0192/edit?tab=versions', '/apiary']) {
      const answer = await get(url);
      expect([url, answer.statusCode, answer.body]).toEqual([url, 200, '<title>page</title>']);
      expect(answer.headers['cache-control']).toBe('no-cache');
    }
  });

  it('leaves the engine’s addresses alone', async () => {
    for (const url of ['/api', '/api/v1/nothing', '/health/nothing', '/metrics', '/socket.io/x']) {
      expect([url, (await get(url)).statusCode]).toEqual([url, 404]);
    }
  });

  it('has hashed files that are kept for ever, and none that do not exist', async () => {
    const asset = await get('/assets/app-1a2b.js');
    expect(asset.body).toBe('app()');
    expect(asset.headers['cache-control']).toContain('immutable');
    expect((await get('/assets/app-gone.js')).statusCode).toBe(404);
    expect((await get('/favicon.svg')).body).toBe('<svg/>');
    expect((await get('/gone.svg')).statusCode).toBe(404);
  });

  it('gives nothing from outside of its folder', async () => {
    for (const url of [
      '/../aiops-outside.txt',
      '/%2e%2e/aiops-outside.txt',
      '/assets/../../aiops-outside.txt',
      '/assets/%2e%2e%2f%2e%2e%2faiops-outside.txt',
    ]) {
      expect((await get(url)).body).not.toContain('TOP SECRET');
    }
  });

  it('comes with a policy under which nothing in the page runs, and no other page frames it (R1.6)', async () => {
    for (const url of ['/', '/alerts', '/assets/app-1a2b.js', '/favicon.svg']) {
      const { headers } = await get(url);
      const policy = String(headers['content-security-policy']);
      expect([url, policy]).toEqual([url, expect.stringContaining("script-src 'self';")]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|wss?:/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()') as string,
      });
    }
  });

  it('has a nonce for styles in its page, another one in every answer', async () => {
    const other = fastify();
    await serveWebApp(other, join(root, 'nonce'));
    const answers = await Promise.all([0, 1].map(() => other.inject({ method: 'GET', url: '/' })));
    await other.close();
    const nonces = answers.map(({ body, headers }) => {
      const [nonce = ''] = /(?<=style-src 'self' 'nonce-)[A-Za-z0-9+/]{22}==(?=')/.exec(
        String(headers['content-security-policy']),
      ) ?? [''];
      expect(body).toBe(`<meta nonce="${nonce}"><b nonce="${nonce}">`);
      expect(String(headers['content-security-policy'])).not.toMatch(/script-src[^;]*nonce/);
      return nonce;
    });
    expect(new Set(nonces).size).toBe(2);
    expect(nonces).not.toContain('');
  });
});
