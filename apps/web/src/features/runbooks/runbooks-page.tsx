import type { ExecutionStatus, RunbookDto } from '@aiops/contracts';
import { Button, Group, Paper, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { useLive } from '../../shared/live/live';
import { RunRunbookDialog } from '../../shared/run/run-runbook-dialog';
import { ExecutionStatusMark, Mark } from '../../shared/ui/badges';
import { useListKeys } from '../../shared/ui/list-keys';
import { Page } from '../../shared/ui/page';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { runbookList, runbooksKey, templates } from './queries';

const statuses: ExecutionStatus[] = [
  'awaiting_approval',
  'queued',
  'running',
  'verifying',
  'succeeded',
  'failed',
  'rolled_back',
  'rejected',
  'cancelled',
  'timed_out',
  'needs_attention',
];

export function RunbooksPage() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text, 250);
  const [run, setRun] = useState<string | null>(null);
  const { data, error, refetch, isPending } = useQuery(runbookList(q));
  useLive('platform.breaker', () => void queries.invalidateQueries({ queryKey: runbooksKey }));
  const runbooks = data?.data ?? [];
  const open = (runbook: RunbookDto): void =>
    void navigate({ to: '/runbooks/$id', params: { id: runbook.id } });
  const active = useListKeys(runbooks, { open });
  const engineer = useMay('engineer');
  const newRunbook = engineer && (
    <Button component={Link} to="/runbooks/new">
      New runbook
    </Button>
  );
  const empty = data !== undefined && runbooks.length === 0;
  return (
    <Page title="Runbooks" tabTitle="Runbooks" actions={!empty && newRunbook}>
      {(!empty || text !== '') && (
        <TextInput
          data-search
          aria-label="Search runbooks"
          placeholder="Search (/)"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maw={360}
        />
      )}
      {error !== null && <ErrorState what="Runbooks" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="runbooks" />}
      {empty &&
        (text === '' ? <Starters may={engineer} /> : <EmptyState title="No runbook matches this search" />)}
      {runbooks.length > 0 && (
        <Paper withBorder style={{ overflowX: 'auto' }}>
          <Table verticalSpacing={8}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Last run</Table.Th>
                <Table.Th ta="right">Succeeded</Table.Th>
                <Table.Th ta="right">Runs</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Version</Table.Th>
                <Table.Th>Changed</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {runbooks.map((runbook, index) => (
                <Row
                  key={runbook.id}
                  runbook={runbook}
                  active={index === active}
                  open={() => open(runbook)}
                  run={() => setRun(runbook.id)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      <RunRunbookDialog opened={run !== null} close={() => setRun(null)} runbookId={run} />
    </Page>
  );
}

function Row({
  runbook,
  active,
  open,
  run,
}: {
  runbook: RunbookDto;
  active: boolean;
  open(): void;
  run(): void;
}) {
  const { stats } = runbook;
  const last = statuses.find((status) => status === stats.last_status);
  const responder = useMay('responder');
  return (
    <Table.Tr className="row" data-active={active} onClick={open}>
      <Table.Td>
        <Link to="/runbooks/$id" params={{ id: runbook.id }} className="plain">
          <Text fw={500}>{runbook.name}</Text>
        </Link>
        <Text size="xs" c="dimmed" lineClamp={1} maw={420}>
          {runbook.description}
        </Text>
      </Table.Td>
      <Table.Td>{last === undefined ? '—' : <ExecutionStatusMark status={last} />}</Table.Td>
      <Table.Td ta="right">
        {stats.succeeded + stats.failed === 0
          ? '—'
          : `${Math.round((stats.succeeded / (stats.succeeded + stats.failed)) * 100)} %`}
      </Table.Td>
      <Table.Td ta="right">{stats.runs}</Table.Td>
      <Table.Td>
        <RunbookState runbook={runbook} />
      </Table.Td>
      <Table.Td>v{runbook.version}</Table.Td>
      <Table.Td>
        <Age at={runbook.updated_at} suffix=" ago" />
      </Table.Td>
      <Table.Td onClick={(event) => event.stopPropagation()}>
        {responder && (
          <Button size="compact-sm" variant="default" onClick={run}>
            Run…
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Whether rules may run it now. */
export function RunbookState({ runbook }: { runbook: RunbookDto }) {
  if (!runbook.enabled) return <Mark icon="⊘" word="Off" meaning="settled" />;
  if (runbook.breaker.state === 'open')
    return <Mark icon="✕" word="Paused after failures" meaning="failed" />;
  if (runbook.breaker.state === 'half_open') return <Mark icon="◐" word="On trial" meaning="late" />;
  return <Mark icon="✓" word="Ready" meaning="good" />;
}

function Starters({ may }: { may: boolean }) {
  const { data } = useQuery(templates);
  return (
    <>
      <EmptyState
        title="No runbooks yet"
        action={
          may && (
            <Button component={Link} to="/runbooks/new">
              New runbook
            </Button>
          )
        }
      >
        A runbook says what is run where, when it may run, and how the fix is proved. Start from one of these,
        or from nothing.
      </EmptyState>
      <Group justify="center" align="stretch">
        {data?.data.map((template) => (
          <Paper key={template.name} withBorder p="md" maw={320}>
            <Text fw={600}>{template.name}</Text>
            <Text size="sm" c="dimmed" mb="sm">
              {template.description}
            </Text>
            {may && (
              <Button
                component={Link}
                to={`/runbooks/new?template=${template.name}`}
                size="xs"
                variant="default"
              >
                Start from this
              </Button>
            )}
          </Paper>
        ))}
      </Group>
    </>
  );
}
