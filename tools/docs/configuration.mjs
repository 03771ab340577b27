// `npm run docs:configuration`: docs/configuration.md from the schema of the settings.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { build } from '../setup/build.mjs';
import { say } from '../setup/say.mjs';

await build();
const { configurationDoc } = await import('../../apps/api/dist/platform/config/config.doc.js');
const file = 'docs/configuration.md';
const made = await format(configurationDoc(), { ...(await resolveConfig(file)), filepath: file });
const stale = (await readFile(file, 'utf8').catch(() => '')) !== made;
if (stale) await writeFile(file, made);
say(stale ? `Wrote ${file}.` : `${file} is up to date.`);
