import { Platform1764000000100 } from './1764000000100-platform.js';

/** All migrations in order. A released one never changes; the schema changes by another. */
export const migrations = [Platform1764000000100];
