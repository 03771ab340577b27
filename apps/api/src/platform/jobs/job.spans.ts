import { names } from '../observability/attributes.js';
import type { SpanSpec } from '../observability/span.js';
import type { TraceContext } from '../observability/trace-context.js';
import type { StoredJob } from './job-runner.js';

const SYSTEM = 'pg-boss';

/** A job on its way into the queue. */
export const sendSpan = (queue: string, count: number): SpanSpec => ({
  name: `send ${queue}`,
  kind: 'producer',
  attributes: {
    [names.queueSystem]: SYSTEM,
    [names.queue]: queue,
    [names.queueOperation]: 'send',
    [names.queueOperationName]: 'send',
    [names.queueBatch]: count === 1 ? undefined : count,
  },
});

/** An attempt at a job. */
export const jobSpan = (queue: string, job: StoredJob): SpanSpec => ({
  name: `process ${queue}`,
  kind: 'consumer',
  attributes: {
    [names.queueSystem]: SYSTEM,
    [names.queue]: queue,
    [names.queueOperation]: 'process',
    [names.queueOperationName]: 'process',
    [names.queueMessage]: job.id,
    'aiops.job.attempt': job.retryCount + 1,
  },
});

/** Jobs of several traces that are done together: a trace of its own, with a way back to each of them. */
export const batchSpan = (queue: string, links: TraceContext[]): SpanSpec => ({
  name: `process ${queue}`,
  kind: 'consumer',
  links,
  attributes: {
    [names.queueSystem]: SYSTEM,
    [names.queue]: queue,
    [names.queueOperation]: 'process',
    [names.queueOperationName]: 'process',
    [names.queueBatch]: links.length,
  },
});
