import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, start, untilReady } from './process.mjs';

// Debian names it with the prefix, the project's own archive without.
const names = ['prometheus-alertmanager', 'alertmanager'];

/** Where this machine has Alertmanager; undefined when it has none. */
export function findAlertmanager() {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/bin', '/usr/local/bin');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** An Alertmanager alone, with the smallest configuration there is. */
export async function startAlertmanager(binary) {
  const dir = mkdtempSync(join(tmpdir(), 'aiops-bench-am-'));
  const config = join(dir, 'alertmanager.yml');
  writeFileSync(config, 'route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n');
  const port = await freePort();
  const program = start(binary, [
    `--config.file=${config}`,
    `--storage.path=${join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
    '--log.level=error',
  ]);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await program.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await untilReady(program, `${url}/-/ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
