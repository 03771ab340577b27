import type { ExecutionDto } from '@aiops/contracts';
import { Alert, Anchor, Button, Grid, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { useLive } from '../../shared/live/live';
import { executionIcon, ExecutionStatusMark } from '../../shared/ui/badges';
import { confirmAction } from '../../shared/ui/confirm';
import { notifyError } from '../../shared/ui/notify';
import { Page } from '../../shared/ui/page';
import { ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { ApprovalCard } from './approval-card';
import { AttentionCard } from './attention-card';
import { DecisionList } from './decision-list';
import { Took } from './execution-table';
import { OutputPane } from './output-pane';
import { isFinal } from './progress';
import { cancel, executionDetail } from './queries';
import { StepList } from './step-list';

const route = getRouteApi('/executions/$id');

export function ExecutionPage() {
  const { id } = route.useParams();
  const queries = useQueryClient();
  const { data, error, refetch, isPending } = useQuery(executionDetail(id));
  useLive('execution.updated', (execution) => {
    if (execution.id !== id) return;
    queries.setQueryData(executionDetail(id).queryKey, (before) =>
      before !== undefined && before.updated_at > execution.updated_at ? before : execution,
    );
  });
  if (error !== null) return <ErrorState what="The execution" error={error} retry={() => void refetch()} />;
  if (isPending) return <Loading what="the execution" />;
  return <ExecutionView execution={data} />;
}

function ExecutionView({ execution }: { execution: ExecutionDto }) {
  const [step, setStep] = useState<number | null>(null);
  const where =
    execution.target === null
      ? ''
      : ` on ${execution.targets.length > 1 ? `${execution.targets.length} targets` : execution.target}`;
  return (
    <Page
      title={`${execution.runbook.name}${where}`}
      tabTitle={`${executionIcon(execution.status)} ${execution.runbook.name}${where}`}
      actions={<StopButton execution={execution} />}
    >
      <Header execution={execution} />
      {execution.dry_run && (
        <Alert variant="outline" color="gray" title="Preview">
          Nothing was run. This is what would run.
        </Alert>
      )}
      {execution.reason !== null && !execution.dry_run && <Text size="sm">{execution.reason}</Text>}
      <DecisionList execution={execution} />
      {execution.status === 'awaiting_approval' && (
        <ApprovalCard key={execution.plan?.hash} execution={execution} />
      )}
      {execution.status === 'needs_attention' && <AttentionCard execution={execution} />}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <StepList execution={execution} chosen={step} choose={setStep} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <OutputPane execution={execution} step={step} showAll={() => setStep(null)} />
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Header({ execution }: { execution: ExecutionDto }) {
  return (
    <Group gap="sm" aria-live="polite">
      <Anchor component={Link} to="/executions" size="sm">
        ‹ Executions
      </Anchor>
      <ExecutionStatusMark status={execution.status} />
      {execution.cancel_requested && !isFinal(execution.status) && (
        <Text size="sm">Stop requested: not stopped yet</Text>
      )}
      <Text size="sm" c="dimmed">
        <Anchor component={Link} to={`/runbooks/${execution.runbook.id}`} size="sm">
          {execution.runbook.name} v{execution.runbook.version}
        </Anchor>{' '}
        · asked for by {execution.requested_by.kind === 'rule' ? 'the rule ' : ''}
        {execution.requested_by.name} <Age at={execution.created_at} suffix=" ago" />
        {execution.started_at !== null && (
          <>
            {' '}
            · <Took execution={execution} />
          </>
        )}
      </Text>
      {execution.alert_id !== null && (
        <Anchor component={Link} to={`/alerts/${execution.alert_id}`} size="sm">
          Its alert
        </Anchor>
      )}
    </Group>
  );
}

function StopButton({ execution }: { execution: ExecutionDto }) {
  const queries = useQueryClient();
  const may = useMay('responder');
  const stop = useMutation({
    mutationFn: () => cancel(execution.id),
    onSuccess: (changed) => queries.setQueryData(executionDetail(execution.id).queryKey, changed),
    onError: (error) => notifyError('The run was not stopped', error),
  });
  if (!may || isFinal(execution.status) || execution.status === 'awaiting_approval') return null;
  const ask = (): void =>
    confirmAction({
      title: `Stop ${execution.runbook.name}?`,
      text: 'The command that runs now is ended on its host, with everything that it started. Steps that are done stay done; the rest will not run.',
      verb: 'Stop run',
      onConfirm: () => stop.mutate(),
    });
  return (
    <Button
      variant="outline"
      style={{ color: 'var(--c-failed)', borderColor: 'var(--c-failed)' }}
      loading={stop.isPending}
      disabled={execution.cancel_requested}
      onClick={ask}
    >
      {execution.cancel_requested ? 'Stop requested' : 'Stop run'}
    </Button>
  );
}
