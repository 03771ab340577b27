import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const generator = fileURLToPath(new URL('./load-generator.mjs', import.meta.url));

/**
 * Posts alerts, one a request, each of them new, from a process of its own.
 * `plan`: `url`, `headers`, `connections`, `seconds`, `job` (a label by which the alerts are found again).
 * @returns `{ sent, ok, refused, errors, seconds, rate, p50, p99, max }`, times in milliseconds.
 */
export async function postAlerts(plan) {
  const options = { maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, [generator, JSON.stringify(plan)], options);
  return JSON.parse(stdout);
}
