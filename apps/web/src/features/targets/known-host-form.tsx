import type { KnownHostRuleInput } from '@aiops/contracts';
import { Button, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { addKnownHostRule, knownHostsKey, targetsKey } from './queries';

const kinds = [
  { value: 'certificate_authority', label: 'Trust an authority' },
  { value: 'revoked', label: 'Revoke a key' },
] as const;
const meanings: Record<KnownHostRuleInput['kind'], string> = {
  certificate_authority:
    'Hosts that show a valid certificate by this key for their own name are signed in at without asking.',
  revoked:
    'This key, and certificates by it, are refused for these hosts, also where a person accepted it before.',
};

/** A line of known_hosts with a marker, as a form. */
export function KnownHostForm({ done }: { done(): void }) {
  const queries = useQueryClient();
  const [input, setInput] = useState<KnownHostRuleInput>({
    kind: 'certificate_authority',
    hosts: '',
    public_key: '',
  });
  const set = (change: Partial<KnownHostRuleInput>): void => setInput((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () => addKnownHostRule(input),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: knownHostsKey });
      void queries.invalidateQueries({ queryKey: targetsKey });
      done();
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <SegmentedControl
          aria-label="Kind of rule"
          data={[...kinds]}
          value={input.kind}
          onChange={(value) => set({ kind: value === 'revoked' ? 'revoked' : 'certificate_authority' })}
        />
        <Text size="sm" c="dimmed">
          {meanings[input.kind]}
        </Text>
        <TextInput
          label="Hosts"
          description="Patterns with commas between, e.g. *.example.com,!old.example.com"
          required
          spellCheck={false}
          value={input.hosts}
          error={fieldError(save.error, 'hosts')}
          onChange={(event) => set({ hosts: event.currentTarget.value })}
        />
        <Textarea
          label="Public key"
          description="A line of a .pub file: ssh-ed25519 AAAA…"
          required
          autosize
          minRows={3}
          maxRows={10}
          spellCheck={false}
          value={input.public_key}
          error={fieldError(save.error, 'public_key')}
          onChange={(event) => set({ public_key: event.currentTarget.value })}
        />
        <FormError error={save.error} shown={['hosts', 'public_key']} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            Save rule
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
