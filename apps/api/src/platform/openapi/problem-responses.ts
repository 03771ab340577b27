import { z } from 'zod';
import { problemSchema } from '@aiops/contracts';
import { rateLimitHeaders } from './rate-limit-headers.js';

/** What decides which problems a route can answer. */
export interface RouteFacts {
  isPublic: boolean;
  hasBody: boolean;
  takesInput: boolean;
  /** A part of its path is an id or a name. */
  namesResource: boolean;
  changes: boolean;
}

const always = (): boolean => true;

/** Every problem by its status: its name in the document, what it says, and which routes can answer it. */
const problems: Record<number, { name: string; description: string; when: (facts: RouteFacts) => boolean }> =
  {
    400: { name: 'BadRequest', description: 'Fields are not valid', when: (facts) => facts.takesInput },
    401: {
      name: 'Unauthorized',
      description: 'Nobody is signed in',
      when: (facts) => !facts.isPublic || facts.changes,
    },
    403: { name: 'Forbidden', description: 'The role does not suffice', when: (facts) => !facts.isPublic },
    404: {
      name: 'NotFound',
      description: 'There is no such resource, or the body refers to none',
      when: (facts) => facts.namesResource || facts.hasBody,
    },
    409: {
      name: 'Conflict',
      description: 'Its state does not allow this now',
      when: (facts) => facts.changes,
    },
    413: { name: 'TooLarge', description: 'The body is too large', when: (facts) => facts.hasBody },
    415: {
      name: 'UnsupportedType',
      description: 'No body of this type is read',
      when: (facts) => facts.hasBody,
    },
    422: {
      name: 'Unprocessable',
      description: 'Cannot be done as things are',
      when: (facts) => facts.changes,
    },
    429: { name: 'TooManyRequests', description: 'Too many requests: come back later', when: always },
    431: { name: 'HeadersTooLarge', description: 'The address or the headers are too long', when: always },
    500: { name: 'Unexpected', description: 'Our fault; the trace id leads to the log', when: always },
    503: { name: 'Unavailable', description: 'Not now: come back later', when: always },
  };

/** Statuses and names of the problems that a route can answer. */
export function problemStatuses(facts: RouteFacts): [status: string, name: string][] {
  return Object.entries(problems)
    .filter(([, problem]) => problem.when(facts))
    .map(([status, { name }]) => [status, name]);
}

const retryAfter = {
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } },
};

/** The body of every problem. */
export function problemJsonSchema(): object {
  const { $schema: _schema, ...schema } = z.toJSONSchema(problemSchema);
  return schema;
}

/** The answers that `problemStatuses` names, as components of the document. */
export function problemResponses(): Record<string, object> {
  const schema = { $ref: '#/components/schemas/Problem' };
  return Object.fromEntries(
    Object.entries(problems).map(([status, { name, description }]) => {
      const example = {
        type: '/api/docs/errors',
        title: description,
        status: Number(status),
        trace_id: '0'.repeat(31) + '1',
      };
      const waits = status === '429' || status === '503';
      const headers = { ...rateLimitHeaders, ...(waits ? retryAfter : {}) };
      return [name, { description, headers, content: { 'application/problem+json': { schema, example } } }];
    }),
  );
}
