import type { TargetDto } from '@aiops/contracts';
import { Button, Code, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { pinKey, targetsKey } from './queries';

/** Trusts a key before the host has shown it. */
export function PinKeyForm({ target, done }: { target: TargetDto; done(): void }) {
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const pin = useMutation({
    mutationFn: () => pinKey(target.id, key),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: targetsKey });
      done();
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    pin.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Textarea
          label="Public key or fingerprint"
          description="A line of a .pub file, SHA256:…, or what ssh-keygen -l prints"
          required
          autosize
          minRows={4}
          maxRows={10}
          spellCheck={false}
          value={key}
          error={fieldError(pin.error, 'key')}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          On the host: <Code>ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</Code>. Keys that are trusted
          already stay so, so that the next key of a host can be made known before its time.
        </Text>
        <FormError error={pin.error} shown={['key']} />
        <Group justify="flex-end">
          <Button type="submit" loading={pin.isPending}>
            Pin this key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
