import type { Matcher } from '@aiops/contracts';
import { ActionIcon, Button, Fieldset, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { fieldError } from '../../shared/ui/form-error';

const ops = [
  { value: '=', label: 'is' },
  { value: '!=', label: 'is not' },
  { value: '=~', label: 'matches' },
  { value: '!~', label: 'does not match' },
] as const;

/** The conditions of a rule; all must hold. Patterns are RE2 and cover the whole value, as in Alertmanager. */
export function MatcherFields({
  matchers,
  change,
  error,
}: {
  matchers: Matcher[];
  change(matchers: Matcher[]): void;
  error: unknown;
}) {
  const set = (index: number, part: Partial<Matcher>): void =>
    change(matchers.map((matcher, at) => (at === index ? { ...matcher, ...part } : matcher)));
  return (
    <Fieldset legend="When all of these hold">
      <Stack gap="xs">
        {matchers.map((matcher, index) => (
          <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              aria-label={`Label ${index + 1}`}
              placeholder="alertname"
              required
              value={matcher.name}
              onChange={(event) => set(index, { name: event.currentTarget.value })}
              style={{ flex: 1 }}
            />
            <Select
              aria-label={`Comparison ${index + 1}`}
              allowDeselect={false}
              data={[...ops]}
              value={matcher.op}
              w={130}
              onChange={(value) => set(index, { op: ops.find((op) => op.value === value)?.value ?? '=' })}
            />
            <TextInput
              aria-label={`Value ${index + 1}`}
              value={matcher.value}
              error={fieldError(error, `matchers.${index}.value`)}
              onChange={(event) => set(index, { value: event.currentTarget.value })}
              style={{ flex: 1 }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              mt={4}
              aria-label={`Remove condition ${index + 1}`}
              disabled={matchers.length === 1}
              onClick={() => change(matchers.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => change([...matchers, { name: '', op: '=', value: '' }])}
        >
          Add a condition
        </Button>
      </Stack>
    </Fieldset>
  );
}
