import type { AlertTimelineEntryDto } from '@aiops/contracts';
import { Anchor, Paper, Text, Timeline, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ErrorState } from '../../shared/ui/states';
import { At } from '../../shared/ui/time';
import { alertTimeline } from './queries';

const executionOf = (entry: AlertTimelineEntryDto): string | null => {
  const id = entry.details['execution_id'];
  return typeof id === 'string' ? id : null;
};

/** Everything that happened to the alert, in order. */
export function AlertTimeline({ alertId }: { alertId: string }) {
  const { data, error, refetch } = useQuery(alertTimeline(alertId));
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h3" mb="sm">
        Timeline
      </Title>
      {error !== null && <ErrorState what="The timeline" error={error} retry={() => void refetch()} />}
      <Timeline bulletSize={14} lineWidth={2} active={-1}>
        {(data?.data ?? []).map((entry) => {
          const execution = executionOf(entry);
          return (
            <Timeline.Item key={entry.id}>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {entry.summary}{' '}
                {execution !== null && (
                  <Anchor component={Link} to={`/executions/${execution}`} size="sm">
                    Open
                  </Anchor>
                )}
              </Text>
              <Text size="xs" c="dimmed">
                <At at={entry.at} /> · {entry.actor.name}
              </Text>
            </Timeline.Item>
          );
        })}
      </Timeline>
    </Paper>
  );
}
