import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCode, run } from './child.mjs';

const here = (file) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
/** Says its process id, and ends with 7 when it is told to. */
const server =
  "process.on('SIGTERM', () => process.exit(7)); setInterval(() => undefined, 1000); console.log('pid ' + process.pid);";

describe.runIf(process.platform !== 'win32')('a command', () => {
  let folder = '';
  let started = [];
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'aiops child-'))));
  afterEach(() => {
    for (const pid of started) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended, as it should.
      }
    }
    started = [];
    rmSync(folder, { recursive: true, force: true });
  });

  const put = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  /** Starts a command and reads lines until each of so many processes has said its id. */
  async function start(command, args, processes) {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, npm_lifecycle_event: 'start' },
    });
    started.push(child.pid);
    const pids = [];
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) {
      const pid = /pid (\d+)/.exec(line)?.[1];
      if (pid !== undefined) pids.push(Number(pid));
      if (pids.length === processes) break;
    }
    started.push(...pids);
    return { child, pids };
  }

  it('passes its exit code on', async () => {
    expect(await run(process.execPath, ['-e', 'process.exit(3)'])).toBe(3);
    expect(await run(join(folder, 'no such command'), [], { quiet: true })).toBe(127);
    expect(exitCode(null, 'SIGINT')).toBe(130);
  });

  it('ends with whoever ran it, and its exit code becomes theirs', async () => {
    const inner = put('inner.mjs', server);
    const outer = put(
      'outer.mjs',
      `import { run } from ${here('./child.mjs')};\nprocess.exit(await run(process.execPath, [${JSON.stringify(inner)}]));`,
    );
    const { child } = await start(process.execPath, [outer], 1);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(7);
  });

  it('ends when the shell that npm put in between is killed', async () => {
    const inner = put('inner.mjs', server);
    const outer = put(
      'outer.mjs',
      `import { run } from ${here('./child.mjs')};\nprocess.exit(await run(process.execPath, [${JSON.stringify(inner)}]));`,
    );
    // The last command keeps the shell from becoming the first one.
    const { child, pids } = await start('sh', ['-c', `"${process.execPath}" "${outer}"; true`], 1);
    const silence = once(child.stdout, 'close');
    child.kill('SIGTERM');
    // Nobody holds its output any more: it and what it started have ended.
    child.stdout.resume();
    await silence;
    expect(() => process.kill(pids[0], 0)).toThrow('ESRCH');
  });

  it('beside others ends with them, and each line says whose it is', async () => {
    const parts = ['one', 'three'].map((name) => [name, [put(`${name}.mjs`, server)]]);
    const outer = put(
      'together.mjs',
      `import { runTogether } from ${here('./together.mjs')};\nprocess.exit(await runTogether(${JSON.stringify(parts)}));`,
    );
    const { child, pids } = await start(process.execPath, [outer], 2);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('beside others takes them along when it fails', async () => {
    const outer = put(
      'together.mjs',
      [
        `import { runTogether } from ${here('./together.mjs')};`,
        'const lines = [];',
        `const parts = [['fails', ['-e', 'console.log("going"); process.exit(5)']], ['stays', ['-e', 'setInterval(() => undefined, 1000)']]];`,
        'const code = await runTogether(parts, (line) => lines.push(line));',
        'console.log(JSON.stringify(lines));',
        'process.exit(code);',
      ].join('\n'),
    );
    const child = spawn(process.execPath, [outer], { stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child.pid);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    const [code] = await once(child, 'close');
    expect(code).toBe(5);
    expect(JSON.parse(output)).toEqual(['fails │ going\n']);
  });
});
