import type { z } from 'zod';

/** How a job is run and tried again. */
export interface JobOptions {
  /** Attempts after the first. */
  retryLimit: number;
  /** Seconds before the first retry; grows exponentially, with jitter, up to `retryDelayMax`. */
  retryDelay: number;
  retryDelayMax: number;
  /** Seconds after which a running attempt is given up; its worker is taken for dead. */
  expireIn: number;
  /** Jobs of this kind that one process runs at once. */
  concurrency: number;
  /**
   * For short jobs that come in thousands: so many are taken with one look into the queue and run one after the other,
   * and after a look the worker rests for some milliseconds (`restAfter`), so that more come with the next one. The first
   * job after a quiet time waits for nothing.
   */
  gather?: { most: number; restMs: number };
}

/** A kind of background work: its name, what it carries and how it is tried again. */
export interface JobDefinition<T extends object = object> {
  name: string;
  schema: z.ZodType<T>;
  options: JobOptions;
}

const defaults: JobOptions = {
  retryLimit: 5,
  retryDelay: 2,
  retryDelayMax: 300,
  expireIn: 300,
  concurrency: 2,
};

const definitions = new Map<string, JobDefinition>();

/** Declares a kind of job. Start-up fails unless exactly one method carries `@HandlesJob` for it. */
export function defineJob<T extends object>(
  name: string,
  schema: z.ZodType<T>,
  options: Partial<JobOptions> = {},
): JobDefinition<T> {
  if (definitions.has(name)) throw new Error(`The job "${name}" is defined twice`);
  const definition: JobDefinition<T> = { name, schema, options: { ...defaults, ...options } };
  definitions.set(name, definition);
  return definition;
}

/** Every job that the loaded code defines. */
export const definedJobs = (): JobDefinition[] => [...definitions.values()];
