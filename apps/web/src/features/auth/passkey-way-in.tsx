import type { LoginResponse, PasskeyChallenge } from '@aiops/contracts';
import { Alert, Button } from '@mantine/core';
import { startAuthentication } from '@simplewebauthn/browser';
import { useMutation, useQuery } from '@tanstack/react-query';
import { post } from '../../shared/api/client';
import { signInMethods } from '../../shared/api/sign-in-methods';
import { passkeyProblem } from '../../shared/factors/passkey-words';

type RequestOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** Signing in with a passkey alone, where this address can have them. */
export function PasskeyWayIn({ done }: { done(answer: LoginResponse): void }) {
  const { data } = useQuery(signInMethods);
  const signIn = useMutation({
    mutationFn: async () => {
      const { token, options } = await post<PasskeyChallenge>('/auth/login/passkey/options');
      const passkey = await startAuthentication({ optionsJSON: options as unknown as RequestOptions });
      return post<LoginResponse>('/auth/login/passkey', { token, passkey });
    },
    onSuccess: done,
  });
  if (data?.passkeys !== true) return null;
  return (
    <>
      <Button variant="default" loading={signIn.isPending} onClick={() => signIn.mutate()}>
        Sign in with a passkey
      </Button>
      {signIn.isError && (
        <Alert variant="outline" color="gray" role="alert">
          {passkeyProblem(signIn.error)}
        </Alert>
      )}
    </>
  );
}
