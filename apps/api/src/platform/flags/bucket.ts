import { hash } from 'node:crypto';

/** Into so many parts all callers are divided, so that one per cent is a hundred of them. */
const BUCKETS = 10_000;

/**
 * The part that a caller falls into for one flag: always the same, evenly spread, and for every flag another, so that
 * it is not the same few who get everything first.
 */
export function bucketOf(flagKey: string, targetingKey: string): number {
  const digest = hash('sha256', `${flagKey}\0${targetingKey}`, 'buffer');
  // 48 bits are so many more than the buckets that none is larger than another by more than a hair.
  return digest.readUIntBE(0, 6) % BUCKETS;
}

/** Whether a flag is on for a caller when it is on for `percentage` of a hundred. Who has it keeps it when that grows. */
export function isIncluded(flagKey: string, targetingKey: string, percentage: number): boolean {
  return bucketOf(flagKey, targetingKey) < percentage * (BUCKETS / 100);
}
