import { isIncluded } from './bucket.js';
import type { Flags } from './flag-snapshot.service.js';

/** What a flag says to a caller, and why. */
export type Evaluation =
  | { value: boolean; reason: 'DISABLED' | 'STATIC' | 'SPLIT' }
  | { value: null; reason: 'FLAG_NOT_FOUND' | 'TARGETING_KEY_MISSING' };

/** `targetingKey` names the caller; only a flag that some have and others have not needs one. */
export function evaluate(flags: Flags, key: string, targetingKey: string | undefined): Evaluation {
  const flag = flags.get(key);
  if (flag === undefined) return { value: null, reason: 'FLAG_NOT_FOUND' };
  if (!flag.enabled) return { value: false, reason: 'DISABLED' };
  if (flag.percentage === 100 || flag.percentage === 0) {
    return { value: flag.percentage === 100, reason: 'STATIC' };
  }
  if (targetingKey === undefined || targetingKey === '') {
    return { value: null, reason: 'TARGETING_KEY_MISSING' };
  }
  return { value: isIncluded(key, targetingKey, flag.percentage), reason: 'SPLIT' };
}
