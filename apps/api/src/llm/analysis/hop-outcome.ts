import type { AnalysisHop } from '@aiops/contracts';
import {
  APICallError,
  InvalidResponseDataError,
  JSONParseError,
  NoContentGeneratedError,
  NoObjectGeneratedError,
  NoOutputGeneratedError,
  TypeValidationError,
} from 'ai';
import { BreakerOpenError, messageOf, retryAfterMs } from '../../platform/index.js';

type Outcome = Pick<AnalysisHop, 'outcome' | 'detail'>;

const malformedErrors = [
  NoObjectGeneratedError,
  NoOutputGeneratedError,
  NoContentGeneratedError,
  JSONParseError,
  TypeValidationError,
  InvalidResponseDataError,
];

/** Names what went wrong with one provider, and says what a person can do about it. */
export function hopOutcome(error: unknown, timeoutMs: number): Outcome {
  if (error instanceof BreakerOpenError) return { outcome: 'breaker_open', detail: error.message };
  if (isTimeout(error)) return { outcome: 'timeout', detail: `No complete answer within ${timeoutMs} ms` };
  if (malformedErrors.some((kind) => kind.isInstance(error))) {
    return { outcome: 'malformed', detail: 'The answer was not in the form that was asked for' };
  }
  if (APICallError.isInstance(error)) return fromStatus(error);
  return { outcome: 'error', detail: messageOf(error).slice(0, 300) };
}

/** Whether the same question may well be answered in a moment; a model that thinks wrong is not asked again. */
export function mayPass(error: unknown): boolean {
  if (!APICallError.isInstance(error)) return false;
  return ['unavailable', 'rate_limited'].includes(fromStatus(error).outcome);
}

/** Milliseconds for which the provider asked to be left alone. */
export const askedWaitMs = (error: unknown): number | undefined =>
  APICallError.isInstance(error)
    ? retryAfterMs(error.responseHeaders?.['retry-after'], Date.now())
    : undefined;

function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TimeoutError' || error.name === 'AbortError' || isTimeout(error.cause);
}

function fromStatus(error: APICallError): Outcome {
  const status = error.statusCode;
  if (status === undefined)
    return { outcome: 'unavailable', detail: 'It could not be reached; check base_url' };
  if (status === 429) return { outcome: 'rate_limited', detail: 'It limits our requests (429)' };
  if (status === 401 || status === 403)
    return { outcome: 'refused', detail: `It refused the API key (${status})` };
  if (status === 404) return { outcome: 'error', detail: 'It does not know this model or address (404)' };
  if (status >= 500) return { outcome: 'unavailable', detail: `It failed (${status})` };
  // A 2xx that the SDK could not read is the provider's malformed answer, not our bad request.
  if (status < 300)
    return { outcome: 'malformed', detail: 'The answer was not in the form that was asked for' };
  return { outcome: 'error', detail: `It refused the request (${status})` };
}
