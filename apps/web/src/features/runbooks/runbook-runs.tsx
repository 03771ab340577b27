import { Anchor, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useLive } from '../../shared/live/live';
import { ExecutionStatusMark } from '../../shared/ui/badges';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { runbookRuns } from './queries';

export function RunbookRuns({ runbookId }: { runbookId: string }) {
  const queries = useQueryClient();
  const { data, error, refetch, isPending } = useQuery(runbookRuns(runbookId));
  useLive('execution.updated', (execution) => {
    if (execution.runbook.id === runbookId)
      void queries.invalidateQueries({ queryKey: runbookRuns(runbookId).queryKey });
  });
  if (error !== null) return <ErrorState what="The runs" error={error} retry={() => void refetch()} />;
  if (isPending) return <Loading what="the runs" />;
  if (data.data.length === 0)
    return (
      <EmptyState title="Not run yet">Runs of this runbook appear here, whoever starts them.</EmptyState>
    );
  return (
    <Paper withBorder p="md">
      <Stack gap={8}>
        {data.data.map((execution) => (
          <Group key={execution.id} justify="space-between">
            <Group gap="sm">
              <ExecutionStatusMark status={execution.status} />
              <Anchor component={Link} to={`/executions/${execution.id}`}>
                v{execution.runbook.version}
                {execution.target === null ? '' : ` on ${execution.target}`}
              </Anchor>
            </Group>
            <Text size="sm" c="dimmed">
              {execution.requested_by.name} · <Age at={execution.created_at} suffix=" ago" />
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
