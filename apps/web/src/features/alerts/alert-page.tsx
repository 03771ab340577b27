import type { AlertDto } from '@aiops/contracts';
import {
  Anchor,
  Box,
  Button,
  Code,
  Collapse,
  Grid,
  Group,
  Paper,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMay } from '../../shared/api/session';
import { useLive } from '../../shared/live/live';
import { AlertStatusMark, ExecutionStatusMark, RemediationMark, SeverityMark } from '../../shared/ui/badges';
import { LinkButton } from '../../shared/ui/links';
import { SafeText } from '../../shared/ui/labels';
import { notifyError } from '../../shared/ui/notify';
import { Page } from '../../shared/ui/page';
import { RunRunbookDialog } from '../../shared/run/run-runbook-dialog';
import { ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { targetOf } from './alert-table';
import { AlertTimeline } from './alert-timeline';
import { AnalysisCard } from './analysis-card';
import {
  acknowledge,
  alertDetail,
  alertExecutions,
  alertsKey,
  alertAnalyses,
  resolve,
  unacknowledge,
} from './queries';

const route = getRouteApi('/alerts/$id');

export function AlertPage() {
  const { id } = route.useParams();
  const { data: alert, error, refetch, isPending } = useQuery(alertDetail(id));
  const queries = useQueryClient();
  useLive('alert.updated', (alerts) => {
    const news = alerts.find((candidate) => candidate.id === id);
    if (news === undefined) return;
    queries.setQueryData(alertDetail(id).queryKey, news);
    void queries.invalidateQueries({ queryKey: [...alertsKey, 'timeline', id] });
  });
  useLive('execution.updated', (execution) => {
    if (execution.alert_id === id) void queries.invalidateQueries({ queryKey: alertExecutions(id).queryKey });
  });
  if (error !== null) return <ErrorState what="The alert" error={error} retry={() => void refetch()} />;
  if (isPending) return <Loading what="the alert" />;
  return <AlertView alert={alert} />;
}

function AlertView({ alert }: { alert: AlertDto }) {
  const title = alert.annotations['summary'] ?? alert.alert_name;
  return (
    <Page title={title} tabTitle={`${alert.status === 'resolved' ? '✓' : '◆'} ${alert.alert_name}`}>
      <Group gap="sm">
        <Anchor component={Link} to="/alerts" size="sm">
          ‹ Alerts
        </Anchor>
        <SeverityMark severity={alert.severity} />
        <AlertStatusMark status={alert.status} />
        <RemediationMark remediation={alert.remediation} />
        <Text size="sm" c="dimmed">
          {alert.alert_name} · {targetOf(alert)} · since <Age at={alert.starts_at} /> · {whoIsOnIt(alert)}
        </Text>
      </Group>
      <Actions alert={alert} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <AnalysisCard alertId={alert.id} />
            <Executions alertId={alert.id} />
            <AlertTimeline alertId={alert.id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Facts title="Labels" entries={alert.labels} />
            <Facts title="Annotations" entries={alert.annotations} />
            <Raw alert={alert} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

/** The engine's own alert about a host key ends where the key is judged. */
const hostKeyTarget = ({ source, labels }: AlertDto): string | undefined =>
  source === 'aiops' ? labels['target_id'] : undefined;

function ReviewHostKey({ target }: { target: string | undefined }) {
  if (target === undefined) return null;
  return (
    <LinkButton to="/targets/$id" params={{ id: target }}>
      Review the host key
    </LinkButton>
  );
}

function whoIsOnIt(alert: AlertDto): string {
  if (alert.status === 'resolved') return 'over';
  return alert.acknowledged_by === null ? 'nobody on it' : `${alert.acknowledged_by} is on it`;
}

function Actions({ alert }: { alert: AlertDto }) {
  const queries = useQueryClient();
  const [running, dialog] = useDisclosure(false);
  const may = useMay('responder');
  const { data: analyses } = useQuery(alertAnalyses(alert.id));
  const suggested =
    analyses?.data.find((analysis) => analysis.recommended_runbook !== null)?.recommended_runbook ?? null;
  const act = useMutation({
    mutationFn: (action: (id: string) => Promise<AlertDto>) => action(alert.id),
    onSuccess: (changed) => queries.setQueryData(alertDetail(alert.id).queryKey, changed),
    onError: (error) => notifyError('Nothing was changed', error),
    onSettled: () => queries.invalidateQueries({ queryKey: alertsKey }),
  });
  const keyTarget = hostKeyTarget(alert);
  if (!may || alert.status === 'resolved') return null;
  return (
    <Group gap="sm">
      <ReviewHostKey target={keyTarget} />
      <Button onClick={dialog.open} variant={suggested === null ? 'default' : 'filled'}>
        {suggested === null ? 'Run a runbook…' : `Run ${suggested.name}…`}
      </Button>
      {alert.status === 'firing' && (
        <Button
          variant={suggested === null && keyTarget === undefined ? 'filled' : 'default'}
          loading={act.isPending}
          onClick={() => act.mutate(acknowledge)}
        >
          Acknowledge
        </Button>
      )}
      {alert.status === 'acknowledged' && (
        <Button
          variant="default"
          loading={act.isPending}
          title="Nobody is on it any more"
          onClick={() => act.mutate(unacknowledge)}
        >
          Undo acknowledge
        </Button>
      )}
      <Button variant="default" disabled={act.isPending} onClick={() => act.mutate(resolve)}>
        Resolve
      </Button>
      <RunRunbookDialog
        opened={running}
        close={dialog.close}
        alert={alert}
        runbookId={suggested?.id ?? null}
      />
    </Group>
  );
}

function Executions({ alertId }: { alertId: string }) {
  const { data } = useQuery(alertExecutions(alertId));
  if (data === undefined || data.data.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h3" mb="xs">
        Executions
      </Title>
      <Stack gap={6}>
        {data.data.map((execution) => (
          <Group key={execution.id} justify="space-between" wrap="nowrap">
            <Anchor component={Link} to={`/executions/${execution.id}`}>
              {execution.runbook.name}
              {execution.target === null ? '' : ` on ${execution.target}`}
            </Anchor>
            <Group gap="xs" wrap="nowrap">
              <ExecutionStatusMark status={execution.status} />
              <Text size="sm" c="dimmed">
                <Age at={execution.created_at} suffix=" ago" />
              </Text>
            </Group>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

function Facts({ title, entries }: { title: string; entries: Record<string, string> }) {
  const rows = Object.entries(entries);
  if (rows.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h3" mb="xs">
        {title}
      </Title>
      <Table layout="auto" verticalSpacing={4} horizontalSpacing={0}>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" pr="md" style={{ verticalAlign: 'top' }}>
                {name}
              </Table.Th>
              <Table.Td>
                <SafeText text={value} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Raw({ alert }: { alert: AlertDto }) {
  const [open, { toggle }] = useDisclosure(false);
  return (
    <Box>
      <Button variant="subtle" color="gray" size="xs" onClick={toggle} aria-expanded={open}>
        {open ? '▾' : '▸'} As the API gives it
      </Button>
      <Collapse expanded={open}>
        <Code block>{JSON.stringify(alert, null, 2)}</Code>
      </Collapse>
    </Box>
  );
}
