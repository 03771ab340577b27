import type { Problem } from '@aiops/contracts';
import { OperationalError, UserError, type UserErrorCode } from '../errors/errors.js';

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
export function describeError(error: unknown, instance: string, traceId: string): Described {
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
  const status = statusOf(error);
  if (status === 413) {
    return {
      level: 'info',
      problem: { type: problemType('payload_too_large'), title: 'The body is too large', status, ...base },
    };
  }
  if (status !== undefined && status >= 400 && status < 500) {
    const detail = error instanceof Error ? error.message : undefined;
    const title = status === 404 ? 'Not found' : 'The request is not valid';
    return { level: 'info', problem: { type: problemType(`http-${status}`), title, status, detail, ...base } };
  }
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

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number(error.getStatus());
  if ('statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return undefined;
}
