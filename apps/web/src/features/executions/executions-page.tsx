import type { ExecutionDto } from '@aiops/contracts';
import { Button, Group, Pagination, Paper, SegmentedControl } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMay } from '../../shared/api/session';
import { useLive } from '../../shared/live/live';
import { notShown, patchRows } from '../../shared/live/patch';
import { RunRunbookDialog } from '../../shared/run/run-runbook-dialog';
import { useListKeys } from '../../shared/ui/list-keys';
import { Page } from '../../shared/ui/page';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { TypedFilter } from '../../shared/ui/typed-filter';
import { ExecutionTable } from './execution-table';
import { executionCount, executionList, executionsKey } from './queries';
import type { ExecutionSearch } from './search';

const route = getRouteApi('/executions');
const views = ['all', 'waiting', 'running', 'failed'] as const;
const words = { all: 'All', waiting: 'Waiting for a person', running: 'Running', failed: 'Failed' } as const;
const empties = {
  all: [
    'No runbook has been run yet',
    'Executions that rules start or people run appear here, with every step and its output.',
  ],
  waiting: ['Nothing waits for a person', 'Executions that need an approval or a decision will appear here.'],
  running: ['Nothing is running', 'Executions that are under way appear here.'],
  failed: ['Nothing failed', 'Executions that failed, ran out of time or were rolled back appear here.'],
} as const;

export function ExecutionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [running, dialog] = useDisclosure(false);
  const may = useMay('responder');
  const { data, error, refetch, isPending } = useQuery(executionList(search));
  const view = search.view ?? 'all';
  const refresh = useDebouncedCallback(
    () => void queries.invalidateQueries({ queryKey: executionsKey }),
    250,
  );
  useLive('execution.updated', (execution) => {
    queries.setQueryData(executionList(search).queryKey, (before) => patchRows(before, [execution]));
    if (notShown(data, [execution]).length > 0 || view !== 'all') refresh();
  });
  const executions = data?.data ?? [];
  const open = (execution: ExecutionDto): void =>
    void navigate({ to: '/executions/$id', params: { id: execution.id } });
  const active = useListKeys(executions, { open });
  const set = (change: Partial<ExecutionSearch>): void =>
    void navigate({ search: (before) => ({ ...before, page: undefined, ...change }), replace: true });
  const pages = Math.ceil((data?.pagination.total ?? 0) / 50);
  const [emptyTitle, emptyText] = empties[view];
  return (
    <Page
      title="Executions"
      tabTitle="Executions"
      actions={may && <Button onClick={dialog.open}>Run a runbook</Button>}
    >
      <Group gap="sm">
        <ViewTabs view={view} change={(next) => set({ view: next === 'all' ? undefined : next })} />
        <TypedFilter
          data-search
          aria-label="Search executions"
          placeholder="Search (/)"
          value={search.q}
          change={(q) => set({ q })}
          style={{ flex: '1 1 180px' }}
        />
      </Group>
      {error !== null && <ErrorState what="Executions" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="executions" />}
      {data !== undefined && executions.length === 0 && (
        <EmptyState title={emptyTitle}>{emptyText}</EmptyState>
      )}
      {executions.length > 0 && (
        <Paper withBorder>
          <ExecutionTable executions={executions} active={active} open={open} />
        </Paper>
      )}
      {pages > 1 && <Pagination total={pages} value={search.page ?? 1} onChange={(page) => set({ page })} />}
      <RunRunbookDialog opened={running} close={dialog.close} />
    </Page>
  );
}

function ViewTabs({
  view,
  change,
}: {
  view: (typeof views)[number];
  change(view: (typeof views)[number]): void;
}) {
  const waiting = useQuery(executionCount('waiting'));
  const running = useQuery(executionCount('running'));
  const counts: Partial<Record<(typeof views)[number], number | undefined>> = {
    waiting: waiting.data?.pagination.total,
    running: running.data?.pagination.total,
  };
  const label = (name: (typeof views)[number]): string =>
    counts[name] ? `${words[name]} (${counts[name]})` : words[name];
  return (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(value) => change(views.find((name) => name === value) ?? 'all')}
      data={views.map((name) => ({ value: name, label: label(name) }))}
      style={{ maxWidth: '100%', overflowX: 'auto' }}
    />
  );
}
