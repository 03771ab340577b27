import type { AuditEntryDto, PageDto } from '@aiops/contracts';
import { Button, Drawer, Group, Menu, Paper, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMay } from '../../shared/api/session';
import { useListKeys } from '../../shared/ui/list-keys';
import { notifyError } from '../../shared/ui/notify';
import { Page } from '../../shared/ui/page';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { AuditEntry } from './audit-entry';
import { AuditFilters } from './audit-filters';
import { AuditTable } from './audit-table';
import { ChainState } from './chain-state';
import { auditList, exportLog } from './queries';
import { isFiltered, type AuditSearch } from './search';

const route = getRouteApi('/audit-log');

/** Who did what to what, when and from where. */
export function AuditPage() {
  if (!useMay('admin')) {
    return (
      <EmptyState title="The audit log is for administrators">
        What was done to an alert or in an execution stands on its own page.
      </EmptyState>
    );
  }
  return <AuditLog />;
}

function AuditLog() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch, isPending, ...log } = useInfiniteQuery(auditList(search));
  const set = (change: Partial<AuditSearch>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const show = (id: string | undefined): void =>
    void navigate({ search: (before) => ({ ...before, entry: id }), replace: true });
  const entries = (data?.pages ?? []).flatMap((page) => page.data);
  const open = ({ id }: AuditEntryDto): void => show(id);
  const active = useListKeys(entries, { open });
  return (
    <Page title="Audit log" tabTitle="Audit log" actions={<ExportMenu search={search} />}>
      <ChainState />
      <AuditFilters search={search} set={set} found={entries[0]} />
      {error !== null && <ErrorState what="The audit log" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="the audit log" />}
      {data !== undefined && entries.length === 0 && (
        <NoEntries search={search} clear={() => void navigate({ search: {} })} />
      )}
      {entries.length > 0 && (
        <Paper withBorder>
          <AuditTable entries={entries} active={active} open={open} />
        </Paper>
      )}
      {data !== undefined && entries.length > 0 && (
        <Older
          shown={entries.length}
          pagination={data.pages.at(-1)?.pagination}
          busy={log.isFetchingNextPage}
          more={log.hasNextPage ? () => void log.fetchNextPage() : undefined}
        />
      )}
      <Drawer
        opened={search.entry !== undefined}
        onClose={() => show(undefined)}
        position="right"
        size="xl"
        title="Entry of the audit log"
      >
        {search.entry !== undefined && (
          <AuditEntry
            id={search.entry}
            filter={(change) => void navigate({ search: change, replace: true })}
          />
        )}
      </Drawer>
    </Page>
  );
}

function Older({
  shown,
  pagination,
  busy,
  more,
}: {
  shown: number;
  pagination: PageDto<unknown>['pagination'] | undefined;
  busy: boolean;
  more?(): void;
}) {
  const total = Math.max(pagination?.total ?? 0, shown).toLocaleString();
  const of = pagination?.total_is_estimate === true ? `about ${total}` : total;
  return (
    <Group>
      {more !== undefined && (
        <Button variant="default" loading={busy} onClick={more}>
          Show older entries
        </Button>
      )}
      <Text size="sm" c="dimmed" role="status">
        {more !== undefined
          ? `${shown.toLocaleString()} of ${of} entries`
          : shown === 1
            ? 'One entry'
            : `All ${shown.toLocaleString()} entries`}
      </Text>
    </Group>
  );
}

function NoEntries({ search, clear }: { search: AuditSearch; clear(): void }) {
  if (!isFiltered(search)) {
    return (
      <EmptyState title="Nothing has been done yet">Every change is recorded here from now on.</EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing matches"
      action={
        <Button variant="default" onClick={clear}>
          Show everything
        </Button>
      }
    >
      No entry fits all of these filters.
    </EmptyState>
  );
}

function ExportMenu({ search }: { search: AuditSearch }) {
  const save = useMutation({
    mutationFn: (format: 'csv' | 'jsonl') => exportLog(search, format),
    onError: (error) => notifyError('The log was not exported', error),
  });
  const what = isFiltered(search) ? 'what matches' : 'everything';
  return (
    <Group gap="xs">
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" loading={save.isPending}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Export {what}, oldest first</Menu.Label>
          <Menu.Item onClick={() => save.mutate('csv')}>CSV, for spreadsheets</Menu.Item>
          <Menu.Item onClick={() => save.mutate('jsonl')}>JSON Lines, for programs</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
