import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveWebApp } from './web-app.js';

let root: string;
let app: FastifyInstance;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'aiops-web-'));
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<title>page</title>');
  writeFileSync(join(root, 'favicon.svg'), '<svg/>');
  writeFileSync(join(root, 'assets', 'app-1a2b.js'), 'app()');
  writeFileSync(join(root, '..', 'aiops-outside.txt'), 'TOP SECRET');
  app = fastify();
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

  it('comes with a strict content security policy', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });
});
