/**
 * Three families of errors; the family says who must act and so decides log level, retry and HTTP status.
 * Services throw these and never HTTP exceptions: one filter turns them into problems.
 */

/** What a caller can do wrong. Each code has one HTTP status and one problem type. */
export const userErrorCodes = [
  'validation',
  'unauthenticated',
  'forbidden',
  'second_factor_required',
  'confirmation_required',
  'not_found',
  'conflict',
  'payload_too_large',
  'unprocessable',
  'rate_limited',
] as const;
export type UserErrorCode = (typeof userErrorCodes)[number];

export interface FieldError {
  field: string;
  message: string;
  /** Where in a text the caller sent, 1-based. */
  line?: number;
  column?: number;
}

/** The caller's fault: says what to do about it. Never retried, logged at info. */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    readonly code: UserErrorCode,
    message: string,
    readonly errors: FieldError[] = [],
    /** What our caller is told to wait, where waiting helps. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }

  static tooMany(message: string, retryAfterSeconds: number): UserError {
    return new UserError('rate_limited', message, [], retryAfterSeconds);
  }

  static notFound(what: string, id: string): UserError {
    return new UserError('not_found', `There is no ${what} with the id ${id}.`);
  }

  static invalid(field: string, message: string): UserError {
    return new UserError('validation', `${field}: ${message}`, [{ field, message }]);
  }
}

/** The surroundings' fault (a host away, a provider slow): may pass, so it may be retried. Logged at warn. */
export class OperationalError extends Error {
  override readonly name = 'OperationalError';
  constructor(
    message: string,
    options: ErrorOptions & { retryAfterSeconds?: number; askedWaitMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.retryAfterSeconds = options.retryAfterSeconds ?? 5;
    this.askedWaitMs = options.askedWaitMs;
  }
  /** What our caller is told to wait. */
  readonly retryAfterSeconds: number;
  /** Milliseconds that the thing outside told us to wait (its `Retry-After`). */
  readonly askedWaitMs: number | undefined;
}

/** Our fault: a developer must act. Logged at error with its cause; the caller learns only the trace id. */
export class UnexpectedError extends Error {
  override readonly name = 'UnexpectedError';
}

/** The message of anything thrown, for logs and records. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
