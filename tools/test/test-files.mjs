import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const notOurs = new Set(['node_modules', 'dist']);
const isTest = (name) => /\.(spec|e2e|acceptance)\.(ts|tsx|mjs)$/.test(name);

/** Every file of tests below a folder, whether or not a test project includes it. */
export function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : testFiles(path);
    return isTest(entry.name) ? [path] : [];
  });
}

/** The files of tests that no run reported: no test project includes them, or the runner never came to them. */
export const neverRun = (files, reported) => {
  const ran = new Set(reported);
  return files.filter((file) => !ran.has(file));
};
