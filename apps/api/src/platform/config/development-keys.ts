import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from './config.schema.js';

const FILE = 'development-keys.json';
/** Older versions of the engine kept a key for signing tokens here too. */
const fileSchema = z.object({ jwtSecret: z.string().optional(), encryptionKey: z.string().length(44) });

/** Fills in a missing encryption key with one made once and kept in the data directory. */
export function withDevelopmentKeys(settings: Settings): Settings {
  if (settings.ENCRYPTION_KEYS.length > 0) return settings;
  const { encryptionKey } = readOrMakeKeys(settings.AIOPS_DATA_DIR);
  return {
    ...settings,
    ENCRYPTION_KEYS: [{ id: 'development', key: Buffer.from(encryptionKey, 'base64') }],
  };
}

/** The keys that were generated in this data directory, if any; they are for trying the engine out and nothing else. */
export function generatedKeys(dataDir: string): string[] {
  try {
    const keys = fileSchema.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')));
    return Object.values(keys).filter((key) => key !== undefined);
  } catch {
    // No such file, or none that anybody could have taken a key from.
    return [];
  }
}

function readOrMakeKeys(dataDir: string): z.infer<typeof fileSchema> {
  const file = join(dataDir, FILE);
  if (existsSync(file)) return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const keys = { encryptionKey: randomBytes(32).toString('base64') };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(keys, null, 2), { mode: 0o600 });
  return keys;
}
