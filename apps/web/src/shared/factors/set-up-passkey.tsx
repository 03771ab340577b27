import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { passkeyProblem } from './passkey-words';
import { addPasskey } from './queries';

/** Makes a passkey on this device. `done` gets recovery codes when they are the first. */
export function SetUpPasskey({ done }: { done(codes: string[] | null): void }) {
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: () => addPasskey(name),
    onSuccess: ({ recovery_codes: codes }) => done(codes),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          Your browser asks for a fingerprint, your face, a PIN or a security key. It stays on your device: we
          get a public key and nothing else.
        </Text>
        <TextInput
          label="Name"
          description="By which you know it again"
          placeholder="Laptop"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {add.isError && (
          <Alert variant="outline" color="gray" role="alert">
            {passkeyProblem(add.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}>
            Make passkey
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
