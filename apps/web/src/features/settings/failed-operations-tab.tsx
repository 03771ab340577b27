import type { FailedOperationDto } from '@aiops/contracts';
import { Button, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { list, post } from '../../shared/api/client';
import { useLive } from '../../shared/live/live';
import { confirmAction } from '../../shared/ui/confirm';
import { notifyError } from '../../shared/ui/notify';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';

const key = ['failed-operations'] as const;
const failed = queryOptions({
  queryKey: key,
  queryFn: ({ signal }) =>
    list<FailedOperationDto>('/failed-operations', { status: 'failed', page_size: 50 }, signal),
});

/** Background work that used up its attempts; nothing is lost, a person decides. */
export function FailedOperationsTab() {
  const queries = useQueryClient();
  const { data, error, refetch, isPending } = useQuery(failed);
  useLive('notification.failed', () => void queries.invalidateQueries({ queryKey: key }));
  if (error !== null)
    return <ErrorState what="Failed operations" error={error} retry={() => void refetch()} />;
  if (isPending) return <Loading what="failed operations" />;
  if (data.data.length === 0)
    return (
      <EmptyState title="Nothing failed for good">
        Work that uses up its attempts is kept here until somebody tries it again or discards it.
      </EmptyState>
    );
  return (
    <Stack>
      {data.data.map((operation) => (
        <Operation key={operation.id} operation={operation} />
      ))}
    </Stack>
  );
}

function Operation({ operation }: { operation: FailedOperationDto }) {
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (action: 'retry' | 'discard') => post(`/failed-operations/${operation.id}/${action}`),
    onError: (error) => notifyError('Nothing was changed', error),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  const discard = (): void =>
    confirmAction({
      title: 'Discard this operation?',
      text: `${operation.operation} will not be done.`,
      verb: 'Discard',
      onConfirm: () => act.mutate('discard'),
    });
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="flex-start">
        <div>
          <Text fw={600}>{operation.operation}</Text>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {operation.error}
          </Text>
          <Text size="xs" c="dimmed">
            {operation.attempts} attempts, the last <Age at={operation.failed_at} suffix=" ago" />
          </Text>
        </div>
        <Group gap="xs">
          <Button size="xs" loading={act.isPending} onClick={() => act.mutate('retry')}>
            Try again
          </Button>
          <Button size="xs" variant="default" onClick={discard}>
            Discard…
          </Button>
        </Group>
      </Group>
      <Code block mt="sm">
        {JSON.stringify(operation.payload, null, 2)}
      </Code>
    </Paper>
  );
}
