import type { AnalysisDto, AnalysisHop } from '@aiops/contracts';
import { Anchor, Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../shared/api/session';
import { useLive } from '../../shared/live/live';
import { notifyError } from '../../shared/ui/notify';
import { Age } from '../../shared/ui/time';
import { alertAnalyses, analyze } from './queries';

/** What the models, or the engine's own records, say of the alert. */
export function AnalysisCard({ alertId }: { alertId: string }) {
  const queries = useQueryClient();
  const may = useMay('responder');
  const key = alertAnalyses(alertId).queryKey;
  const { data } = useQuery(alertAnalyses(alertId));
  useLive('analysis.completed', (analysis) => {
    if (analysis.alert_id === alertId) void queries.invalidateQueries({ queryKey: key });
  });
  const again = useMutation({
    mutationFn: () => analyze(alertId),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
    onError: (error) => notifyError('The analysis was not started', error),
  });
  const newest = data?.data[0];
  const shown = data?.data.find((analysis) => analysis.status === 'completed');
  const pending = newest !== undefined && newest.status !== 'completed' && newest.status !== 'failed';
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3">
          Analysis
        </Title>
        {may && (
          <Button
            size="compact-xs"
            variant="default"
            loading={again.isPending || pending}
            onClick={() => again.mutate()}
          >
            {shown === undefined ? 'Analyse' : 'Analyse again'}
          </Button>
        )}
      </Group>
      {shown === undefined ? (
        <Text c="dimmed">{pending ? 'Being analysed…' : 'Not analysed yet.'}</Text>
      ) : (
        <Analysis analysis={shown} />
      )}
    </Paper>
  );
}

function Analysis({ analysis }: { analysis: AnalysisDto }) {
  return (
    <Stack gap="sm">
      <Text>{analysis.summary}</Text>
      <Part title="Root cause" text={analysis.root_cause} />
      <Part title="Impact" text={analysis.impact} />
      {analysis.recommended_runbook !== null && (
        <div>
          <Text size="sm" fw={600}>
            Runbook:{' '}
            <Anchor component={Link} to={`/runbooks/${analysis.recommended_runbook.id}`}>
              {analysis.recommended_runbook.name}
            </Anchor>
          </Text>
          <Text size="sm">{analysis.recommended_runbook.reason}</Text>
        </div>
      )}
      {analysis.evidence.length > 0 && (
        <List size="sm" spacing={2}>
          {analysis.evidence.map((item, index) => (
            <List.Item key={index}>{item.text}</List.Item>
          ))}
        </List>
      )}
      <Text size="xs" c="dimmed">
        Confidence {Math.round((analysis.confidence ?? 0) * 100)} % · {analysis.hops.map(hopText).join(' → ')}{' '}
        · <Age at={analysis.completed_at ?? analysis.created_at} suffix=" ago" />
      </Text>
    </Stack>
  );
}

const hopText = (hop: AnalysisHop): string =>
  `${hop.provider === 'template' ? 'the engine’s own records' : hop.provider}: ${hop.outcome === 'ok' ? 'answered' : hop.outcome.replaceAll('_', ' ')}`;

function Part({ title, text }: { title: string; text: string | null }) {
  if (text === null || text === '') return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Text size="sm">{text}</Text>
    </div>
  );
}
