import { roleSchema, type InvitationCreatedDto, type Role } from '@aiops/contracts';
import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { post } from '../../../shared/api/client';
import { fieldError, FormError } from '../../../shared/ui/form-error';
import { LinkOnce } from './link-once';
import { roles } from './roles';

/** Invites somebody, and then shows their link. */
export function InviteForm({ done }: { done(): void }) {
  const queries = useQueryClient();
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('responder');
  const invite = useMutation({
    mutationFn: () =>
      post<InvitationCreatedDto>('/invitations', { username, role, email: email === '' ? null : email }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    invite.mutate();
  };
  if (invite.data !== undefined) return <LinkOnce made={invite.data} done={done} />;
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="User name"
          description="What they sign in with"
          required
          data-autofocus
          value={username}
          error={fieldError(invite.error, 'username')}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <Select
          label="Role"
          allowDeselect={false}
          data={roles}
          value={role}
          onChange={(value) => setRole(roleSchema.options.find((option) => option === value) ?? 'viewer')}
        />
        <TextInput
          label="E-mail address"
          type="email"
          description="Empty: you pass the link on yourself"
          value={email}
          error={fieldError(invite.error, 'email')}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <FormError error={invite.error} shown={['username', 'email']} title="Not invited" />
        <Group justify="flex-end">
          <Button type="submit" loading={invite.isPending}>
            Invite
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
