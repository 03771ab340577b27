import { Platform1764000000100 } from './1764000000100-platform.js';
import { Auth1764000000200 } from './1764000000200-auth.js';
import { Runbook1764000000500 } from './1764000000500-runbook.js';

/** All migrations in order. A released one never changes; the schema changes by another. */
export const migrations = [Platform1764000000100, Auth1764000000200, Runbook1764000000500];
