import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { configurationDoc } from './config.doc.js';
import { configSchema } from './config.schema.js';
import { settingDocs } from './setting.js';

const file = fileURLToPath(new URL('../../../../../docs/configuration.md', import.meta.url));

describe('docs/configuration.md', () => {
  it('is what the schema says; else run `npm run docs:configuration`', async () => {
    const made = await format(configurationDoc(), { ...(await resolveConfig(file)), filepath: file });
    expect(readFileSync(file, 'utf8')).toBe(made);
  });

  it('has words about every setting', () => {
    const silent = Object.entries(configSchema.shape).filter(([, schema]) => !settingDocs.has(schema));
    expect(silent.map(([name]) => name)).toEqual([]);
    const doc = configurationDoc();
    for (const name of Object.keys(configSchema.shape)) expect(doc).toContain(`| \`${name}\``);
  });
});
