import type { FailedOperationDto } from '@aiops/contracts';
import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { At } from '../../../shared/ui/time';
import { FailedMark } from './failed-list';
import { useHandle } from './use-handle';

/** One operation: what it was to do, what went wrong, and what became of it. */
export function FailedDetail({ operation, done }: { operation: FailedOperationDto; done(): void }) {
  const { pending, retry, discard } = useHandle([operation.id], done);
  return (
    <Stack>
      <Group justify="space-between">
        <FailedMark status={operation.status} />
        <Text size="sm" c="dimmed">
          {operation.attempts} {operation.attempts === 1 ? 'attempt' : 'attempts'}, the last at{' '}
          <At at={operation.failed_at} />
        </Text>
      </Group>
      {operation.handled_by !== null && operation.handled_at !== null && (
        <Text size="sm">
          By {operation.handled_by} at <At at={operation.handled_at} />
        </Text>
      )}
      <Title order={3} size="h5">
        Error
      </Title>
      <Text className="code">{operation.error}</Text>
      <Title order={3} size="h5">
        What it was given
      </Title>
      <Code block className="code" role="group" aria-label="Payload">
        {JSON.stringify(operation.payload, null, 2)}
      </Code>
      <Text size="xs" c="dimmed">
        What looks like a secret is shown as ***. It is stored as it was, and goes along when this is tried
        again.
      </Text>
      {operation.status === 'failed' && (
        <Group justify="flex-end" gap="xs">
          <Button variant="default" disabled={pending} onClick={discard}>
            Discard…
          </Button>
          <Button loading={pending} onClick={retry}>
            Try again
          </Button>
        </Group>
      )}
    </Stack>
  );
}
