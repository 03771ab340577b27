import type { LoginResponse, SecondFactorMethod, SecondFactorNeeded } from '@aiops/contracts';
import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { startAuthentication } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { post } from '../../shared/api/client';
import { passkeyProblem } from '../../shared/factors/passkey-words';

type Needed = SecondFactorNeeded['second_factor'];
type RequestOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];

const otherWays: Record<SecondFactorMethod, string> = {
  passkey: 'Use a passkey',
  totp: 'Use a code of your authenticator app',
  recovery_code: 'Use a recovery code',
};

interface Props {
  needed: Needed;
  done(answer: LoginResponse): void;
  back(): void;
}

/** After the password: what else proves who somebody is. */
export function SecondStep({ needed, done, back }: Props) {
  const [method, setMethod] = useState(needed.methods[0]);
  const prove = useMutation({
    mutationFn: (proof: object) =>
      post<LoginResponse>('/auth/login/second-factor', { token: needed.token, ...proof }),
    onSuccess: done,
  });
  const passkey = useMutation({
    mutationFn: async () => {
      const optionsJSON = needed.passkey_options as unknown as RequestOptions;
      return prove.mutateAsync({ passkey: await startAuthentication({ optionsJSON }) });
    },
  });
  const error = prove.error ?? passkey.error;
  return (
    <Stack>
      {error !== null && (
        <Alert variant="outline" color="gray" role="alert">
          {passkeyProblem(error)}
        </Alert>
      )}
      {method === undefined && (
        <Text size="sm">
          Your passkeys do not work at this address, and you have no recovery codes left. An administrator can
          reset your second factors.
        </Text>
      )}
      {method === 'passkey' && (
        <Button loading={passkey.isPending} onClick={() => passkey.mutate()} autoFocus>
          Use your passkey
        </Button>
      )}
      {(method === 'totp' || method === 'recovery_code') && (
        <CodeForm
          key={method}
          method={method}
          busy={prove.isPending}
          submit={(code) => prove.mutate(method === 'totp' ? { code } : { recovery_code: code })}
        />
      )}
      {needed.methods
        .filter((other) => other !== method)
        .map((other) => (
          <Anchor key={other} component="button" type="button" size="sm" onClick={() => setMethod(other)}>
            {otherWays[other]}
          </Anchor>
        ))}
      <Anchor component="button" type="button" size="sm" onClick={back}>
        Begin again
      </Anchor>
    </Stack>
  );
}

function CodeForm({
  method,
  busy,
  submit,
}: {
  method: 'totp' | 'recovery_code';
  busy: boolean;
  submit(code: string): void;
}) {
  const [code, setCode] = useState('');
  const isApp = method === 'totp';
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    submit(code);
  };
  return (
    <form onSubmit={send}>
      <Stack>
        <TextInput
          label={isApp ? 'Code of your authenticator app' : 'Recovery code'}
          description={isApp ? 'Six digits' : 'Such as 7q2k-x0mf-93dp; it is good once'}
          inputMode={isApp ? 'numeric' : 'text'}
          autoComplete={isApp ? 'one-time-code' : 'off'}
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
