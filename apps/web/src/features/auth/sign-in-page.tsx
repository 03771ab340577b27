import type { LoginResponse, SecondFactorNeeded } from '@aiops/contracts';
import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { messageOf, post } from '../../shared/api/client';
import { beginSession } from '../../shared/api/keep-session';
import { useEnding } from '../../shared/api/session';
import { usePageTitle } from '../../shared/ui/page';
import { PasskeyWayIn } from './passkey-way-in';
import { ProviderFailure, ProviderWayIn } from './provider-way-in';
import { SecondStep } from './second-step';

/** `again` is whose session ran out: their page waits behind this one. */
export function SignInPage({ again }: { again?: string }) {
  usePageTitle('Sign in');
  const [username, setUsername] = useState(again ?? '');
  const [password, setPassword] = useState('');
  const passwordField = useRef<HTMLInputElement>(null);
  const [needed, setNeeded] = useState<SecondFactorNeeded['second_factor'] | null>(null);
  const why = useEnding();
  const login = useMutation({
    mutationFn: () =>
      post<LoginResponse | SecondFactorNeeded>('/auth/login', { username: username.trim(), password }),
    onSuccess: (answer) => {
      if ('second_factor' in answer) setNeeded(answer.second_factor);
      else beginSession(answer);
    },
    // The field stays filled; one key replaces it.
    onError: () => passwordField.current?.select(),
  });
  useEffect(() => {
    if (again !== undefined) passwordField.current?.focus();
  }, [again]);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    login.mutate();
  };
  if (needed !== null) {
    const back = (): void => {
      setPassword('');
      setNeeded(null);
    };
    return (
      <Center mih={again === undefined ? '100dvh' : '80dvh'} p="md" component="main">
        <Paper withBorder p="xl" w="100%" maw={400}>
          <Title order={1} mb="md">
            It is you, {username.trim()}?
          </Title>
          <SecondStep needed={needed} done={beginSession} back={back} />
        </Paper>
      </Center>
    );
  }
  return (
    <Center mih={again === undefined ? '100dvh' : '80dvh'} p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <form onSubmit={submit}>
          <Stack>
            <Title order={1}>{again === undefined ? 'Sign in to AIOps' : 'Sign in again'}</Title>
            <ProviderFailure />
            {why !== null && !login.isError && (
              <Alert variant="outline" color="gray" role="status">
                {why}
              </Alert>
            )}
            {again !== undefined && (
              <Text size="sm">Your page is kept as it is: sign in to go on where you were.</Text>
            )}
            {login.isError && (
              <Alert variant="outline" color="gray" role="alert">
                {messageOf(login.error)}
              </Alert>
            )}
            <TextInput
              label="User name"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              autoFocus={again === undefined}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
            <PasswordInput
              ref={passwordField}
              label="Password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" loading={login.isPending}>
              Sign in
            </Button>
            <PasskeyWayIn done={beginSession} />
            <ProviderWayIn />
            {again === undefined && (
              <Text size="sm" c="dimmed">
                First time here? The engine printed the administrator’s password once, when it was started.
              </Text>
            )}
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
