import type { AuditEntryDto } from '@aiops/contracts';
import { Button, Drawer, Group, Menu, Pagination, Paper } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
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
import { auditList, exportLog, PAGE_SIZE } from './queries';
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
  const { data, error, refetch, isPending } = useQuery(auditList(search));
  const set = (change: Partial<AuditSearch>): void =>
    void navigate({ search: (before) => ({ ...before, page: undefined, ...change }), replace: true });
  const show = (id: string | undefined): void =>
    void navigate({ search: (before) => ({ ...before, entry: id }), replace: true });
  const entries = data?.data ?? [];
  const open = ({ id }: AuditEntryDto): void => show(id);
  const active = useListKeys(entries, { open });
  const pages = Math.ceil((data?.pagination.total ?? 0) / PAGE_SIZE);
  return (
    <Page title="Audit log" tabTitle="Audit log" actions={<ExportMenu search={search} />}>
      <ChainState />
      <AuditFilters search={search} set={set} />
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
      {pages > 1 && (
        <Pagination
          total={pages}
          value={search.page ?? 1}
          onChange={(page) => set({ page })}
          getControlProps={(control) => ({ 'aria-label': control })}
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
