import { signInErrorSchema, type SignInError } from '@aiops/contracts';

/** Why signing in through the provider did not work, and what to do. */
const sentences: Record<SignInError, string> = {
  not_configured: 'No sign-in provider is set up here. Sign in with your password.',
  cancelled: 'The sign-in at the provider was cancelled.',
  expired: 'This took too long, or was begun in another browser. Try again.',
  provider_away: 'The sign-in provider cannot be reached right now. Try again, or sign in with a password.',
  no_role: 'You have no role here. Ask whoever manages your groups at the provider for one.',
  disabled: 'An administrator has locked you out.',
  failed:
    'The provider’s answer did not let you in. Try again; if it stays so, the log of the engine says why.',
};

/** What the search of the address says about a sign-in that failed; null for nothing. */
export function signInFailure(search: string): string | null {
  const parsed = signInErrorSchema.safeParse(new URLSearchParams(search).get('sign_in_error'));
  return parsed.success ? sentences[parsed.data] : null;
}
