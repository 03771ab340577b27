import type { UserDto } from '@aiops/contracts';
import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { get, post } from '../api/client';
import { updateUser } from '../api/session';
import { fieldError, FormError } from '../ui/form-error';
import { NewPassword } from './new-password';

/** Changes the password of whoever is signed in; they stay so here, and nowhere else. */
export function ChangePasswordForm({ done }: { done?(): void }) {
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: async () => {
      await post('/auth/password', { current_password: present, new_password: next });
      return get<UserDto>('/auth/me');
    },
    onSuccess: (user) => {
      setPresent('');
      setNext('');
      updateUser(user);
      done?.();
    },
  });
  const isSaid = ['current_password', 'new_password'].some((field) => fieldError(change.error, field));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={400}>
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          required
          value={present}
          error={fieldError(change.error, 'current_password')}
          onChange={(event) => setPresent(event.currentTarget.value)}
        />
        <NewPassword value={next} set={setNext} error={fieldError(change.error, 'new_password')} />
        {!isSaid && <FormError error={change.error} title="Not changed" />}
        <Group>
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
