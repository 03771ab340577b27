import type { SignInError } from '@aiops/contracts';

/** Why somebody did not come in through the provider; the app has a sentence for each. */
export class OidcRefusal extends Error {
  override readonly name = 'OidcRefusal';
  constructor(
    readonly code: SignInError,
    options?: { cause?: unknown },
  ) {
    super(`Signing in through the provider failed: ${code}`, options);
  }
}

/** The provider could not be reached, or failed: that speaks against it, and not against who signs in. */
export class ProviderAwayError extends Error {
  override readonly name = 'ProviderAwayError';
}

/** Whether an error, or one that led to it, is of this kind. */
export function isCausedBy(error: unknown, kind: new (...args: never[]) => Error): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof kind || isCausedBy((error as Error).cause, kind);
}
