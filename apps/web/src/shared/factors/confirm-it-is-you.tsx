import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useSession } from '../api/session';
import { fieldError, FormError } from '../ui/form-error';
import { confirmPassword } from './queries';

/** Before somebody changes how they sign in, when they did so long ago. */
export function ConfirmItIsYou({ done }: { done(): void }) {
  const user = useSession()?.user;
  const [password, setPassword] = useState('');
  const confirm = useMutation({ mutationFn: () => confirmPassword(password), onSuccess: done });
  if (user?.has_password === false) {
    return (
      <Text size="sm">
        You have no password here: sign out, sign in again, and come back within ten minutes.
      </Text>
    );
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">It is some time ago that you signed in. Your password, please.</Text>
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          data-autofocus
          value={password}
          error={fieldError(confirm.error, 'password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <FormError error={confirm.error} shown={['password']} title="Not confirmed" />
        <Group justify="flex-end">
          <Button type="submit" loading={confirm.isPending}>
            Go on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
