import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Api } from './engine/api.js';
import { startEngineProcess } from './engine/engine-process.js';
import { HOST_NAME, setUp } from './engine/set-up.js';
import { startDemoHost } from './host/demo-host.js';
import { startMonitor } from './host/monitor.js';
import { installShop, shopAnswers, type Shop } from './host/shop.js';
import { startChat } from './story/chat.js';
import { followStory, type Ending } from './story/story.js';

const once = process.argv.includes('--once');
const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const stamp = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1).padStart(6)} s`;

/** Undone in reverse order when the demo ends, however it ends. */
const undo: (() => void | Promise<void>)[] = [];
async function cleanUp(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

async function main(): Promise<number> {
  const dataDir = resolve(process.env['AIOPS_DATA_DIR'] ?? (once ? '.data/demo-once' : '.data/demo'));
  if (once) rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const password = adminPassword(dataDir);
  const port = await choosePort(Number(process.env['PORT'] ?? 8080));
  say('Starting PostgreSQL and the engine …');
  const started = Date.now();
  const engine = await startEngineProcess(
    {
      AIOPS_DATA_DIR: dataDir,
      ADMIN_PASSWORD: password,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      // The chat that is told listens on this machine, and so may models of yours (Ollama).
      OUTBOUND_ALLOWED: '127.0.0.0/8, ::1',
    },
    port,
  );
  undo.push(() => engine.stop());
  say(`Ready after ${((Date.now() - started) / 1000).toFixed(1)} s: ${engine.url}`);
  const shop = installShop(join(dataDir, 'host'), await choosePort(0));
  undo.push(() => shopctl(shop, 'stop'));
  const host = await startDemoHost(join(dataDir, 'host'), shop.bin);
  undo.push(() => host.stop());
  shopctl(shop, 'restart');
  await until(() => shopAnswers(shop), 'the shop to open');
  const chat = await startChat((text) => say(`           chat         ${text}`));
  undo.push(() => chat.stop());
  const api = await Api.signIn(engine.url, 'admin', password);
  const { ingestKey } = await setUp(api, host, chat.url);
  const monitor = startMonitor(shop, engine.url, ingestKey, HOST_NAME);
  undo.push(() => monitor.stop());
  return once ? runOnce(api, shop, chat.messages) : runForPerson(api, shop, engine.url, password);
}

async function runOnce(api: Api, shop: Shop, messages: string[]): Promise<number> {
  say(`\nThe shop on ${HOST_NAME} is killed now.`);
  const ending = await breakAndFollow(api, shop, 60_000, async (execution) => {
    await api.post(`/executions/${execution.id}/approve`, { plan_hash: execution.plan?.hash });
  });
  await until(
    () => Promise.resolve(messages.some((text) => text.includes('fixed it'))),
    'the chat to be told',
  );
  const good =
    ending.execution.status === 'succeeded' &&
    ending.alert.status === 'resolved' &&
    (await shopAnswers(shop));
  say(good ? '\nThe fix is verified.' : '\nThe fix could NOT be verified.');
  return good ? 0 : 1;
}

async function runForPerson(api: Api, shop: Shop, url: string, password: string): Promise<number> {
  say(`
  Open    ${url}
  Sign in admin / ${password}

  What to watch: the shop on ${HOST_NAME} is killed in a moment. Its alert fires, is analysed, and the runbook
  restart-shop waits for you: look at what it will run and approve it. Then follow the steps, the proof and the
  alert's end. Ctrl-C ends the demo.
`);
  const input = createInterface({ input: process.stdin });
  for (;;) {
    await new Promise((next) => setTimeout(next, 4_000));
    say(`The shop on ${HOST_NAME} is killed now.`);
    await breakAndFollow(api, shop, 0, async (execution) =>
      say(`           waiting for you: ${url}/executions/${execution.id}`),
    );
    if (!(await shopAnswers(shop))) shopctl(shop, 'restart');
    say('\nPress Enter to break the shop again, Ctrl-C to end.');
    const { done } = await input[Symbol.asyncIterator]().next();
    // Without a terminal nobody presses Enter: the engine stays up to be looked at.
    if (done === true) await new Promise(() => undefined);
  }
}

function breakAndFollow(
  api: Api,
  shop: Shop,
  patienceMs: number,
  onWaiting: Parameters<typeof followStory>[2]['onWaiting'],
): Promise<Ending> {
  const brokenAt = new Date();
  process.kill(Number(readFileSync(shop.pidFile, 'utf8')), 'SIGKILL');
  return followStory(api, brokenAt, {
    stage: (at, text) => say(`${stamp(at)}   ${text}`),
    onWaiting,
    patienceMs,
  });
}

function shopctl(shop: Shop, action: string): void {
  execFileSync(join(shop.bin, 'shopctl'), [action], { stdio: 'ignore' });
}

function adminPassword(dataDir: string): string {
  const file = join(dataDir, 'admin-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(9).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** The wanted port, or a free one where it is taken. */
function choosePort(wanted: number): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(choosePort(0)));
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}

let ending = false;
function end(code: number): void {
  if (ending) return;
  ending = true;
  cleanUp().then(
    () => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
}
process.on('SIGINT', () => end(once ? 130 : 0));
process.on('SIGTERM', () => end(143));
main().then(end, (error: unknown) => {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  end(1);
});
