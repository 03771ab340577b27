import type { LoginResponse } from '@aiops/contracts';
import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { messageOf, post } from '../../shared/api/client';
import { setSession } from '../../shared/api/session';
import { usePageTitle } from '../../shared/ui/page';

export function SignInPage() {
  usePageTitle('Sign in');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => post<LoginResponse>('/auth/login', { username, password }),
    onSuccess: ({ access_token, user }) => setSession({ token: access_token, user }),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    login.mutate();
  };
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <form onSubmit={submit}>
          <Stack>
            <Title order={1}>Sign in to AIOps</Title>
            {login.isError && (
              <Alert variant="outline" color="gray" role="alert">
                {messageOf(login.error)}
              </Alert>
            )}
            <TextInput
              label="User name"
              autoComplete="username"
              required
              autoFocus
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" loading={login.isPending}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              First time here? The engine printed the administrator’s password once, when it was started.
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
