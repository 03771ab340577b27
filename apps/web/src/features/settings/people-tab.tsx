import { roleSchema, type Role, type UserDto } from '@aiops/contracts';
import { Button, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { remove } from '../../shared/api/client';
import { confirmAction } from '../../shared/ui/confirm';
import { fieldError } from '../../shared/ui/form-error';
import { notifyDone, notifyError } from '../../shared/ui/notify';
import { Age } from '../../shared/ui/time';
import { InvitationsSection } from './people/invitations-section';
import { ResetFactors } from './people/reset-factors';
import { ResetPassword } from './people/reset-password';
import { roles } from './people/roles';
import { Resource } from './resource';
import { SaveForm, useSave } from './save-form';

export function PeopleTab() {
  return (
    <>
      <InvitationsSection />
      <Resource<UserDto>
        path="/users"
        noun="person"
        intro="Who may sign in, and what they may do."
        empty=""
        mayChange
        isAddingSecond
        columns={[
          { title: 'Role', cell: (person) => person.role },
          {
            title: 'Last sign-in',
            cell: (person) =>
              person.last_login_at === null ? 'never' : <Age at={person.last_login_at} suffix=" ago" />,
          },
          { title: 'State', cell: (person) => stateOf(person) },
        ]}
        actions={(person) => (
          <>
            <ResetPassword person={person} />
            <ResetFactors person={person} />
            <SignOutPerson person={person} />
          </>
        )}
        form={(person, done) => <PersonForm person={person} done={done} />}
        deleteText={(person) =>
          `${person.username} is signed out and cannot sign in again. What they did stays on the timelines.`
        }
      />
    </>
  );
}

function stateOf({ disabled, must_change_password: isDue }: UserDto): string {
  if (disabled) return 'locked out';
  return isDue ? 'must choose a password' : 'active';
}

/** Ends every session of a person, for a lost device or a stolen password. */
function SignOutPerson({ person }: { person: UserDto }) {
  const end = useMutation({
    mutationFn: () => remove(`/users/${person.id}/sessions`),
    onSuccess: () => notifyDone(`${person.username} is signed out everywhere.`),
    onError: (error) => notifyError(`${person.username} was not signed out`, error),
  });
  const ask = (): void =>
    confirmAction({
      title: `Sign ${person.username} out everywhere?`,
      text: 'All of their sessions end at once, on every device. Who knows the password can sign in again: to keep somebody out, lock them out or give them another password.',
      verb: 'Sign out everywhere',
      onConfirm: () => end.mutate(),
    });
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      aria-label={`Sign ${person.username} out everywhere`}
      onClick={ask}
    >
      Sign out
    </Button>
  );
}

function PersonForm({ person, done }: { person: UserDto | null; done(): void }) {
  const [username, setUsername] = useState(person?.username ?? '');
  const [displayName, setDisplayName] = useState(person?.display_name ?? '');
  const [role, setRole] = useState<Role>(person?.role ?? 'responder');
  const [password, setPassword] = useState('');
  const [disabled, setDisabled] = useState(person?.disabled ?? false);
  const save = useSave('/users', person?.id ?? null, 'PATCH', done);
  const body = (): object => ({
    ...(person === null ? { username } : { disabled }),
    display_name: displayName,
    role,
    // What somebody else has chosen is good for choosing one of one’s own.
    ...(password === '' ? {} : { password, must_change_password: true }),
  });
  return (
    <SaveForm save={save} body={body} shown={['username', 'password', 'role']}>
      <TextInput
        label="User name"
        required
        disabled={person !== null}
        value={username}
        error={fieldError(save.error, 'username')}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        value={displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
      <Select
        label="Role"
        allowDeselect={false}
        data={roles}
        value={role}
        error={fieldError(save.error, 'role')}
        onChange={(value) => setRole(roleSchema.options.find((option) => option === value) ?? 'viewer')}
      />
      <PasswordInput
        label={person === null ? 'Password' : 'New password'}
        description={`${person === null ? '12 characters or more' : 'Empty: it stays'}. They choose their own when they sign in with it.`}
        required={person === null}
        autoComplete="new-password"
        value={password}
        error={fieldError(save.error, 'password')}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {person !== null && (
        <Switch
          label="Locked out"
          checked={disabled}
          onChange={(event) => setDisabled(event.currentTarget.checked)}
        />
      )}
    </SaveForm>
  );
}
