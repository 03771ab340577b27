import { z } from 'zod';
import { idSchema } from '@aiops/contracts';
import { defineJob } from '../../platform/index.js';

/**
 * Sends a worker to an execution at once. Only a hint: what is due stands in the database, and every worker looks
 * there by itself, so a lost one costs a second.
 */
export const advanceJob = defineJob('execution.advance', z.object({ execution_id: idSchema }), {
  retryLimit: 2,
  concurrency: 2,
  expireIn: 60,
});
