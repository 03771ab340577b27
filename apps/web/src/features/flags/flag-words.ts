import type { FeatureFlagDto } from '@aiops/contracts';

/** For whom a flag is on, in a word or two. */
export function reachText({ enabled, percentage }: Pick<FeatureFlagDto, 'enabled' | 'percentage'>): string {
  if (!enabled || percentage === 0) return 'nobody';
  return percentage === 100 ? 'everybody' : `${percentage} % of all`;
}
