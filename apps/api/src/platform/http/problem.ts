import type { Problem } from '@aiops/contracts';
import { HttpException } from '@nestjs/common';
import { fromDatabaseError } from '../errors/database-errors.js';
import { OperationalError, UserError, userErrorCodes, type UserErrorCode } from '../errors/errors.js';

const userStatus: Record<UserErrorCode, { status: number; title: string }> = {
  validation: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict with the present state' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unprocessable: { status: 422, title: 'Cannot be done' },
};

interface Described {
  problem: Problem;
  /** Seconds to wait before trying again, for the `Retry-After` header. */
  retryAfterSeconds?: number;
  level: 'info' | 'warn' | 'error';
}

const problemType = (name: string) => `urn:aiops:problem:${name.replaceAll('_', '-')}`;

/** The RFC 9457 form of anything thrown. Nothing of an unknown error's text leaves. */
export function describeError(thrown: unknown, instance: string, traceId: string): Described {
  const error = fromDatabaseError(thrown) ?? thrown;
  const base = { instance, trace_id: traceId };
  if (error instanceof UserError) {
    const { status, title } = userStatus[error.code];
    const errors = error.errors.length > 0 ? { errors: error.errors } : {};
    return {
      level: 'info',
      problem: { type: problemType(error.code), title, status, detail: error.message, ...errors, ...base },
    };
  }
  if (error instanceof OperationalError) {
    return {
      level: 'warn',
      retryAfterSeconds: error.retryAfterSeconds,
      problem: {
        type: problemType('unavailable'),
        title: 'Not possible right now',
        status: 503,
        detail: error.message,
        ...base,
      },
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
      problem: {
        type: problemType('internal'),
        title: 'Something went wrong on our side',
        status: 500,
        detail: 'The error is in the log under the trace id.',
        ...base,
      },
    };
  }
  const { status, message: detail } = framework;
  const code = userErrorCodes.find((candidate) => userStatus[candidate].status === status);
  const title = code === undefined ? 'The request is not valid' : userStatus[code].title;
  return {
    level: 'info',
    problem: { type: problemType(code ?? `http-${status}`), title, status, detail, ...base },
  };
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
