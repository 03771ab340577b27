import type { CredentialDto } from '@aiops/contracts';
import {
  Button,
  Fieldset,
  Group,
  PasswordInput,
  SegmentedControl,
  Select,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { createCredential } from './queries';

const kinds = [
  { value: 'ssh_key', label: 'Private key' },
  { value: 'password', label: 'Password' },
] as const;

/** Choose a credential or bring a new one; a secret is never shown again. */
export function CredentialField({
  credentials,
  value,
  change,
}: {
  credentials: CredentialDto[];
  value: string | null;
  change(id: string | null): void;
}) {
  const [adding, form] = useDisclosure(false);
  const usable = credentials.filter(
    (credential) => credential.kind === 'ssh_key' || credential.kind === 'password',
  );
  return (
    <Stack gap={6}>
      <Select
        label="Credential"
        searchable
        clearable
        data={usable.map(({ id, name, kind }) => ({
          value: id,
          label: `${name} (${kind === 'ssh_key' ? 'key' : 'password'})`,
        }))}
        value={value}
        onChange={change}
        nothingFoundMessage="No such credential"
      />
      {adding ? (
        <NewCredential
          done={(credential) => {
            change(credential.id);
            form.close();
          }}
          cancel={form.close}
        />
      ) : (
        <Button variant="subtle" size="compact-sm" style={{ alignSelf: 'flex-start' }} onClick={form.open}>
          Add a credential
        </Button>
      )}
    </Stack>
  );
}

function NewCredential({ done, cancel }: { done(credential: CredentialDto): void; cancel(): void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<'ssh_key' | 'password'>('ssh_key');
  const [secret, setSecret] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const save = useMutation({
    mutationFn: () =>
      createCredential({ name, kind, secret, passphrase: passphrase === '' ? undefined : passphrase }),
    onSuccess: async (credential) => {
      await queries.invalidateQueries({ queryKey: ['credentials'] });
      done(credential);
    },
  });
  return (
    <Fieldset legend="New credential">
      <Stack gap="xs">
        <TextInput
          label="Name"
          value={name}
          error={fieldError(save.error, 'name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label="Kind of credential"
          data={[...kinds]}
          value={kind}
          onChange={(value) => setKind(value === 'password' ? 'password' : 'ssh_key')}
        />
        {kind === 'ssh_key' ? (
          <>
            <Textarea
              label="Private key"
              description="The whole file, with its first and last line"
              autosize
              minRows={4}
              maxRows={10}
              value={secret}
              error={fieldError(save.error, 'secret')}
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
            <PasswordInput
              label="Passphrase, if it has one"
              autoComplete="off"
              value={passphrase}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
          </>
        ) : (
          <PasswordInput
            label="Password"
            autoComplete="off"
            value={secret}
            error={fieldError(save.error, 'secret')}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        )}
        <FormError error={save.error} shown={['name', 'secret']} />
        <Group gap="xs">
          <Button
            size="xs"
            loading={save.isPending}
            disabled={name === '' || secret === ''}
            onClick={() => save.mutate()}
          >
            Save credential
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={cancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
