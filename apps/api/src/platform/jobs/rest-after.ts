import type { JobOptions } from './job.definition.js';

/** Rests are so many times longer at most: in a storm each look into the queue costs, yet nothing waits for long. */
const LONGEST = 3;

/**
 * How long a worker rests after a look into its queue, in milliseconds, so that more jobs come with the next one. When it
 * took as many as it may, more are waiting, and it looks again at once.
 * @param taken jobs that it did
 */
export function restAfter(taken: number, gather: JobOptions['gather']): number {
  if (gather === undefined || taken >= gather.most) return 0;
  return Math.min(taken, LONGEST) * gather.restMs;
}
