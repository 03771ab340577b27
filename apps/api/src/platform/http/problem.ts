import type { Problem } from '@aiops/contracts';
import { HttpException } from '@nestjs/common';
import { fromDatabaseError } from '../errors/database-errors.js';
import { OperationalError, UserError } from '../errors/errors.js';
import { problemTypes, problemUri, type ProblemName } from './problem-types.js';

const byStatus = new Map(
  Object.entries(problemTypes).map(([name, { status }]) => [status, name as ProblemName]),
);

interface Described {
  problem: Problem;
  /** Seconds to wait before trying again, for the `Retry-After` header. */
  retryAfterSeconds?: number;
  level: 'info' | 'warn' | 'error';
}

/** What is the same for every problem of a kind. */
const kind = (name: ProblemName) => {
  const { title, status } = problemTypes[name];
  return { type: problemUri(name), title, status };
};

/** Media type of every problem. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A problem that is answered without an error being thrown. */
export function problemOf(name: ProblemName, detail: string, instance: string, traceId: string): Problem {
  return { ...kind(name), detail, instance, trace_id: traceId };
}

/** The RFC 9457 form of anything thrown. Nothing of an unknown error's text leaves. */
export function describeError(thrown: unknown, instance: string, traceId: string): Described {
  const error = fromDatabaseError(thrown) ?? thrown;
  const base = { instance, trace_id: traceId };
  if (error instanceof UserError) {
    const errors = error.errors.length > 0 ? { errors: error.errors } : {};
    const { retryAfterSeconds } = error;
    return {
      level: 'info',
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      problem: { ...kind(error.code), detail: error.message, ...errors, ...base },
    };
  }
  if (error instanceof OperationalError) {
    return {
      level: 'warn',
      retryAfterSeconds: error.retryAfterSeconds,
      problem: { ...kind('unavailable'), detail: error.message, ...base },
    };
  }
  return describeForeignError(error, base);
}

/** Errors of the framework: they carry a status of their own. */
function describeForeignError(error: unknown, base: { instance: string; trace_id: string }): Described {
  const framework = frameworkError(error);
  if (framework === null || framework.status >= 500) {
    return {
      level: 'error',
      problem: { ...kind('internal'), detail: 'The error is in the log under the trace id.', ...base },
    };
  }
  const { status, message: detail } = framework;
  const name = byStatus.get(status) ?? 'bad_request';
  return { level: 'info', problem: { ...kind(name), status, detail, ...base } };
}

/**
 * Status and text of an error that NestJS or Fastify made. Others that carry a status (an HTTP client's, a
 * model provider's) tell of somebody else's answer, which is not ours to pass on.
 */
function frameworkError(error: unknown): { status: number; message: string } | null {
  if (error instanceof HttpException) return { status: error.getStatus(), message: error.message };
  if (!(error instanceof Error) || !('code' in error) || !('statusCode' in error)) return null;
  const ofFastify = typeof error.code === 'string' && error.code.startsWith('FST_');
  return ofFastify && typeof error.statusCode === 'number'
    ? { status: error.statusCode, message: error.message }
    : null;
}
