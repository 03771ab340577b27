import { targetInputSchema, type TargetDto, type TargetInput } from '@aiops/contracts';
import {
  Button,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { CredentialField } from './credential-field';
import { credentialNames, saveTarget, targetsKey } from './queries';

const kinds = [
  { value: 'ssh', label: 'SSH' },
  { value: 'http', label: 'HTTP' },
] as const;
const shells = [
  { value: 'posix', label: 'POSIX (sh)' },
  { value: 'powershell', label: 'PowerShell' },
] as const;
const blank: TargetInput = {
  name: '',
  kind: 'ssh',
  host: '',
  port: 22,
  username: null,
  shell: 'posix',
  labels: {},
  credential_id: null,
};

/** `role=web` as a pair; what has no `=` is a label without a value. */
export function toLabels(tags: string[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((tag) => {
      const at = tag.indexOf('=');
      return at < 0 ? [tag.trim(), ''] : [tag.slice(0, at).trim(), tag.slice(at + 1).trim()];
    }),
  );
}

export function TargetForm({ target, done }: { target: TargetDto | null; done(target: TargetDto): void }) {
  const queries = useQueryClient();
  const [input, setInput] = useState<TargetInput>(target === null ? blank : pick(target));
  const { data: credentials } = useQuery(credentialNames);
  const set = (change: Partial<TargetInput>): void => setInput((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () => saveTarget(target?.id ?? null, input),
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: targetsKey });
      done(saved);
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="An alert’s label can name it, e.g. instance"
          required
          value={input.name}
          error={fieldError(save.error, 'name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <SegmentedControl
          aria-label="Kind"
          data={[...kinds]}
          value={input.kind}
          onChange={(value) => set({ kind: kinds.find((kind) => kind.value === value)?.value ?? 'ssh' })}
        />
        <Group grow align="flex-start">
          <TextInput
            label="Host"
            required
            value={input.host}
            error={fieldError(save.error, 'host')}
            onChange={(event) => set({ host: event.currentTarget.value })}
          />
          <NumberInput
            label="Port"
            min={1}
            max={65535}
            value={input.port}
            error={fieldError(save.error, 'port')}
            onChange={(value) => set({ port: Number(value) })}
          />
        </Group>
        {input.kind === 'ssh' && (
          <>
            <TextInput
              label="User"
              required
              value={input.username ?? ''}
              error={fieldError(save.error, 'username')}
              onChange={(event) =>
                set({ username: event.currentTarget.value === '' ? null : event.currentTarget.value })
              }
            />
            <Select
              label="Shell"
              allowDeselect={false}
              data={[...shells]}
              value={input.shell}
              onChange={(value) =>
                set({ shell: shells.find((shell) => shell.value === value)?.value ?? 'posix' })
              }
            />
            <CredentialField
              credentials={credentials?.data ?? []}
              value={input.credential_id}
              change={(credential_id) => set({ credential_id })}
            />
          </>
        )}
        <TagsInput
          label="Labels"
          description="name=value, then Enter"
          value={Object.entries(input.labels).map(([name, value]) => `${name}=${value}`)}
          onChange={(tags) => set({ labels: toLabels(tags) })}
        />
        <FormError error={save.error} shown={Object.keys(targetInputSchema.shape)} />
        <Text size="sm" c="dimmed">
          {target === null
            ? 'After saving, check the connection and accept the host’s key.'
            : 'Another address forgets the host keys that were accepted.'}
        </Text>
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const pick = ({
  name,
  kind,
  host,
  port,
  username,
  shell,
  labels,
  credential_id,
}: TargetDto): TargetInput => ({ name, kind, host, port, username, shell, labels, credential_id });
