import type { AlertDto, ExecutionDto } from '@aiops/contracts';
import { Anchor, Button, Grid, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient, queryOptions } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { list } from '../../shared/api/client';
import { useLive } from '../../shared/live/live';
import { ExecutionStatusMark, SeverityMark } from '../../shared/ui/badges';
import { Page } from '../../shared/ui/page';
import { ErrorState } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';

const key = ['overview'] as const;
const alerts = (name: string, query: Record<string, string | number>) =>
  queryOptions({
    queryKey: [...key, name],
    queryFn: ({ signal }) => list<AlertDto>('/alerts', query, signal),
  });
const executions = (name: string, query: Record<string, string | number>) =>
  queryOptions({
    queryKey: [...key, name],
    queryFn: ({ signal }) => list<ExecutionDto>('/executions', query, signal),
  });

const waiting = executions('waiting', { status: 'awaiting_approval,needs_attention', page_size: 5 });
const firing = alerts('firing', { status: 'firing', sort: '-severity', page_size: 5 });
const running = executions('running', { status: 'queued,running,verifying', page_size: 8 });
const finished = executions('finished', {
  status: 'succeeded,failed,rolled_back,timed_out',
  page_size: 8,
  sort: '-created_at',
});

/** What needs a human now, then what the engine does by itself. */
export function OverviewPage() {
  const queries = useQueryClient();
  const refresh = (): void => void queries.invalidateQueries({ queryKey: key });
  useLive('alert.created', refresh);
  useLive('alert.updated', refresh);
  useLive('execution.updated', refresh);
  const waits = useQuery(waiting);
  const fires = useQuery(firing);
  const runs = useQuery(running);
  const done = useQuery(finished);
  const needed = (waits.data?.pagination.total ?? 0) + (fires.data?.pagination.total ?? 0);
  const error = waits.error ?? fires.error ?? runs.error ?? done.error;
  return (
    <Page title="Overview" tabTitle={needed > 0 ? `(${needed}) Overview` : 'Overview'}>
      {error !== null && <ErrorState what="The overview" error={error} retry={refresh} />}
      <Card
        title="Needs you"
        action={
          (waits.data?.pagination.total ?? 0) > 0 && (
            <ReviewButton count={waits.data?.pagination.total ?? 0} />
          )
        }
      >
        {needed === 0 && waits.isSuccess && fires.isSuccess && (
          <Text c="dimmed">
            Nothing waits for you: no approval is open and nothing fires that nobody is on.
          </Text>
        )}
        {waits.data?.data.map((execution) => (
          <ExecutionLine key={execution.id} execution={execution} />
        ))}
        {fires.data?.data.map((alert) => (
          <Group key={alert.id} justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
              <SeverityMark severity={alert.severity} />
              <Anchor component={Link} to={`/alerts/${alert.id}`} truncate>
                {alert.annotations['summary'] ?? alert.alert_name}
              </Anchor>
            </Group>
            <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              <Age at={alert.starts_at} />, nobody on it
            </Text>
          </Group>
        ))}
      </Card>
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Card title={`Running now (${runs.data?.pagination.total ?? 0})`}>
            {runs.data?.data.length === 0 && <Text c="dimmed">No runbook is running.</Text>}
            {runs.data?.data.map((execution) => (
              <ExecutionLine key={execution.id} execution={execution} />
            ))}
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Card title="Lately finished">
            {done.data?.data.length === 0 && <Text c="dimmed">No runbook has been run yet.</Text>}
            {done.data?.data.map((execution) => (
              <ExecutionLine key={execution.id} execution={execution} />
            ))}
          </Card>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

const ReviewButton = ({ count }: { count: number }) => (
  <Button component={Link} to="/executions?view=waiting" size="xs">
    Review {count} {count === 1 ? 'approval' : 'approvals'}
  </Button>
);

function Card({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <Paper withBorder p="md" h="100%">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h3">
          {title}
        </Title>
        {action}
      </Group>
      <Stack gap={8}>{children}</Stack>
    </Paper>
  );
}

function ExecutionLine({ execution }: { execution: ExecutionDto }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <ExecutionStatusMark status={execution.status} />
        <Anchor component={Link} to={`/executions/${execution.id}`} truncate>
          {execution.runbook.name}
          {execution.target === null ? '' : ` on ${execution.target}`}
        </Anchor>
      </Group>
      <Text size="sm" c="dimmed">
        <Age at={execution.created_at} />
      </Text>
    </Group>
  );
}
