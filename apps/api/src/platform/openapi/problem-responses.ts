import { z } from 'zod';
import { problemSchema } from '@aiops/contracts';
import { type ProblemName, problemTypes, problemUri } from '../http/problem-types.js';
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

interface Answered {
  /** Its name in the document. */
  name: string;
  description: string;
  /** Which routes can answer it. */
  when: (facts: RouteFacts) => boolean;
  kind: ProblemName;
  /** What it says in an example. */
  detail: string;
}

/** Every problem by its status. */
const problems: Record<number, Answered> = {
  400: {
    name: 'BadRequest',
    description: 'Fields are not valid',
    when: (facts) => facts.takesInput,
    kind: 'validation',
    detail: 'fields: Unknown field "colour". Known: id, name, created_at',
  },
  401: {
    name: 'Unauthorized',
    description: 'Nobody is signed in',
    when: (facts) => !facts.isPublic || facts.changes,
    kind: 'unauthenticated',
    detail: 'There is no access token or API key.',
  },
  403: {
    name: 'Forbidden',
    description: 'The role does not suffice',
    when: (facts) => !facts.isPublic,
    kind: 'forbidden',
    detail: 'This needs the role engineer.',
  },
  404: {
    name: 'NotFound',
    description: 'There is no such resource, or the body refers to none',
    when: (facts) => facts.namesResource || facts.hasBody,
    kind: 'not_found',
    detail: 'There is no alert with the id 019c1492-f000-7000-8000-000000000001.',
  },
  409: {
    name: 'Conflict',
    description: 'Its state does not allow this now',
    when: (facts) => facts.changes,
    kind: 'conflict',
    detail: 'The alert is resolved; there is nothing to acknowledge.',
  },
  413: {
    name: 'TooLarge',
    description: 'The body is too large',
    when: (facts) => facts.hasBody,
    kind: 'payload_too_large',
    detail: 'The body is larger than this engine reads.',
  },
  415: {
    name: 'UnsupportedType',
    description: 'No body of this type is read',
    when: (facts) => facts.hasBody,
    kind: 'unsupported_media_type',
    detail: 'Send application/json.',
  },
  422: {
    name: 'Unprocessable',
    description: 'Cannot be done as things are',
    when: (facts) => facts.changes,
    kind: 'unprocessable',
    detail: 'No target matches the runbook.',
  },
  429: {
    name: 'TooManyRequests',
    description: 'Too many requests: come back later',
    when: always,
    kind: 'rate_limited',
    detail: 'Too many requests. Come back in 12 seconds.',
  },
  431: {
    name: 'HeadersTooLarge',
    description: 'The address or the headers are too long',
    when: always,
    kind: 'bad_request',
    detail: 'The address or the headers are too long.',
  },
  500: {
    name: 'Unexpected',
    description: 'Our fault; the trace id leads to the log',
    when: always,
    kind: 'internal',
    detail: 'Something went wrong on our side. The trace id leads to the log.',
  },
  503: {
    name: 'Unavailable',
    description: 'Not now: come back later',
    when: always,
    kind: 'unavailable',
    detail: 'The database cannot be reached right now.',
  },
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
    Object.entries(problems).map(([status, problem]) => {
      const { name, description } = problem;
      const example = exampleOf(Number(status), problem);
      const waits = status === '429' || status === '503';
      const headers = { ...rateLimitHeaders, ...(waits ? retryAfter : {}) };
      return [name, { description, headers, content: { 'application/problem+json': { schema, example } } }];
    }),
  );
}

function exampleOf(status: number, { kind, detail }: Answered): object {
  const errors = [{ field: 'fields', message: detail.replace('fields: ', '') }];
  return {
    type: problemUri(kind),
    title: problemTypes[kind].title,
    status,
    detail,
    instance: '/api/v1/alerts',
    ...(kind === 'validation' ? { errors } : {}),
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  };
}
