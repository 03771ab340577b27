import type { InvitationCreatedDto, UserDto } from '@aiops/contracts';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { post } from '../../../shared/api/client';
import { fieldError, FormError } from '../../../shared/ui/form-error';
import { LinkOnce } from './link-once';

/** For who has lost their password: a link by which they choose another one. */
export function ResetPassword({ person }: { person: UserDto }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        aria-label={`New password for ${person.username}`}
        onClick={() => setOpen(true)}
      >
        New password
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={`New password for ${person.username}`}
        centered
      >
        {open && <ResetForm person={person} done={() => setOpen(false)} />}
      </Modal>
    </>
  );
}

function ResetForm({ person, done }: { person: UserDto; done(): void }) {
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const reset = useMutation({
    mutationFn: () =>
      post<InvitationCreatedDto>(`/users/${person.id}/password-reset`, {
        email: email === '' ? null : email,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    reset.mutate();
  };
  if (reset.data !== undefined) return <LinkOnce made={reset.data} done={done} />;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          {person.username} gets a link to choose a password with, which only they will know. Until then the
          old one and all sessions stay as they are.
        </Text>
        <TextInput
          label="E-mail address"
          type="email"
          description="Empty: you pass the link on yourself"
          value={email}
          error={fieldError(reset.error, 'email')}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <FormError error={reset.error} shown={['email']} title="No link was made" />
        <Group justify="flex-end">
          <Button type="submit" loading={reset.isPending}>
            Make link
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
