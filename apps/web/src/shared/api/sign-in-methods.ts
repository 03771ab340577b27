import type { SignInMethods } from '@aiops/contracts';
import { queryOptions } from '@tanstack/react-query';
import { get } from './client';

/** The ways in besides a password; what they are is set where the engine is started. */
export const signInMethods = queryOptions({
  queryKey: ['auth', 'methods'],
  queryFn: ({ signal }) => get<SignInMethods>('/auth/methods', undefined, signal),
  staleTime: Infinity,
});
