/** A kind of problem, as callers may rely on it. */
export interface ProblemType {
  status: number;
  title: string;
  /** When it comes, in a sentence or two. */
  meaning: string;
  /** What the caller does about it. */
  advice: string;
}

/** Every problem that the API answers, by its name: the one source of their titles, their pages and docs/errors.md. */
export const problemTypes = {
  bad_request: {
    status: 400,
    title: 'The request cannot be read',
    meaning: 'It breaks a rule of HTTP, or uses something that is not supported here.',
    advice: '`detail` says what is wrong with it.',
  },
  validation: {
    status: 400,
    title: 'The request is not valid',
    meaning:
      'Something in the path, the query or the body is not what the route takes. `errors` names every such field, and in a runbook the line and column.',
    advice: 'Correct the fields and send it again. The same request will fail again.',
  },
  unauthenticated: {
    status: 401,
    title: 'Sign in first',
    meaning: 'There is no access token or API key, or it is wrong, expired or revoked.',
    advice: 'Sign in, or use a valid key. `WWW-Authenticate` says what is accepted.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    meaning: 'The caller is known, and the role or the scope of the key does not suffice.',
    advice: 'Ask an administrator for the role that the API’s document names for the route.',
  },
  second_factor_required: {
    status: 403,
    title: 'Set up a second factor first',
    meaning: 'The role of whoever is signed in needs a second factor, and they have none yet.',
    advice: 'Set one up in the app under your name, or with `POST /auth/factors/totp`.',
  },
  confirmation_required: {
    status: 403,
    title: 'Confirm that it is you',
    meaning: 'How somebody signs in can be changed for ten minutes after they proved who they are.',
    advice: 'Send your password to `POST /auth/confirm`, or sign in again, and repeat the request.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    meaning: 'There is no such route, or nothing with that id or name (any more).',
    advice: 'Check the address; read the list again.',
  },
  conflict: {
    status: 409,
    title: 'Conflict with the present state',
    meaning:
      'The resource is in a state that does not allow this, its name is taken, or something else still refers to it.',
    advice: 'Read the resource again; `detail` says what stands in the way.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is too large',
    meaning:
      'The body is larger than what the route reads: 64 KiB below `/api/v1/auth`, 2 MiB elsewhere, `BODY_LIMIT_BYTES` for senders of alerts; never more than the latter.',
    advice: 'Send less at a time, or raise the limit.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'A body of this type is not read',
    meaning: 'The `Content-Type` is missing or is one that the route does not read.',
    advice: 'Send `application/json`; where runbooks are taken also `application/yaml`.',
  },
  unprocessable: {
    status: 422,
    title: 'Cannot be done',
    meaning: 'The request is well formed, and what it asks for is impossible as things are.',
    advice: '`detail` says what has to change first.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    meaning: 'The budget of this key or address is used up.',
    advice: 'Wait as many seconds as `Retry-After` says.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    meaning: 'A fault of the engine. Nothing of it is told here; it is in the log under the `trace_id`.',
    advice: 'Look into the log, and report it with the `trace_id`.',
  },
  unavailable: {
    status: 503,
    title: 'Not possible right now',
    meaning: 'The database or something else that is needed cannot be reached, or too much waits already.',
    advice: 'Send it again after the seconds in `Retry-After`. Nothing of this request was stored.',
  },
} satisfies Record<string, ProblemType>;

export type ProblemName = keyof typeof problemTypes;

/** Where the explanations are served. */
export const PROBLEM_PAGE = '/api/docs/errors';

/** The anchor of a problem in its page and in docs/errors.md. */
export const problemAnchor = (name: string): string => name.replaceAll('_', '-');

/** The `type` of a problem: its explanation on the engine that answered, a reference as RFC 9457 (3.1.1) allows. */
export const problemUri = (name: ProblemName): string => `${PROBLEM_PAGE}#${problemAnchor(name)}`;
