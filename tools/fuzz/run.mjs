// `npm run fuzz [-- examples a route]`: sends what schemathesis (from PyPI) makes of nothing but the API's own document to every
// route, as administrator and as viewer. Fails on a 5xx, an answer outside its schema, or a status that is not in it.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEngine } from '../bench/lib/engine.mjs';

const VERSION = '4.32.5';
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];

/** The program, in a virtual environment of its own under `.data`; null where there is no Python for it. */
function schemathesis() {
  const folder = resolve('.data', `schemathesis-${VERSION}`);
  const program = join(folder, 'bin', 'schemathesis');
  if (existsSync(program)) return program;
  mkdirSync(resolve('.data'), { recursive: true });
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
    const pip = join(folder, 'bin', 'pip');
    execFileSync(pip, ['install', '-q', `schemathesis==${VERSION}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return program;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    process.stderr.write(`No schemathesis here: ${error.message.split('\n')[0]}\n`);
    return null;
  }
}

/** The same in every run, so that a red one can be repeated; another `FUZZ_SEED` looks elsewhere. */
const seed = process.env.FUZZ_SEED ?? '1';

async function tokenOf(engine, role) {
  const user = { username: `fuzz-${role}`, password: 'a long enough password' };
  await engine.api('POST', '/users', { ...user, role });
  const answer = await fetch(`${engine.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(user),
  });
  return (await answer.json()).access_token;
}

function fuzz(program, engine, token, folder) {
  const args = [
    ...['run', `${engine.url}/api/v1/openapi.json`, '--url', engine.url],
    ...[
      '--checks',
      CHECKS.join(','),
      '--phases',
      'examples,coverage,fuzzing',
      '--max-examples',
      String(examples),
    ],
    ...['--continue-on-failure', '--seed', seed, '--generation-database', 'none', '--request-timeout', '20'],
    // They would end the session that all the others are sent in.
    ...['--exclude-path-regex', '/auth/logout|/auth/sessions/|/users/[^/]+/sessions'],
    ...['--header', `Authorization: Bearer ${token}`],
  ];
  const child = spawn(program, args, { stdio: 'inherit', cwd: folder });
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}

const examples = Number(process.argv[2] ?? 20);
const program = schemathesis();
if (program === null) process.exit(0);
const folder = mkdtempSync(join(tmpdir(), 'aiops-fuzz-'));
let failed = 0;
for (const role of ['admin', 'viewer']) {
  const engine = await startEngine({ APP_ENV: 'test', NODE_ENV: 'test', LOG_LEVEL: 'error' });
  try {
    process.stdout.write(`\n── as ${role}\n`);
    if ((await fuzz(program, engine, await tokenOf(engine, role), folder)) !== 0) {
      failed += 1;
      process.stdout.write(engine.tail());
    }
  } finally {
    await engine.stop();
  }
}
rmSync(folder, { recursive: true, force: true });
process.exit(failed === 0 ? 0 : 1);
