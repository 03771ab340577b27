import type { AlertDto, PageDto } from '@aiops/contracts';
import { Button, Group, Pagination, Paper, SegmentedControl, Select } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useLive } from '../../shared/live/live';
import { notShown, patchRows } from '../../shared/live/patch';
import { useHotkeys } from '../../shared/ui/hotkeys';
import { useListKeys } from '../../shared/ui/list-keys';
import { Page } from '../../shared/ui/page';
import { ErrorState, Loading } from '../../shared/ui/states';
import { TypedFilter } from '../../shared/ui/typed-filter';
import { AlertTable } from './alert-table';
import { BulkBar } from './bulk-bar';
import { NoAlerts } from './no-alerts';
import { alertList, alertsKey } from './queries';
import type { AlertSearch } from './search';

const route = getRouteApi('/alerts');

export function AlertsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch, isPending } = useQuery(alertList(search));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const waiting = useHeldAlerts(search, data, selected.size > 0);
  const set = (change: Partial<AlertSearch>): void =>
    void navigate({ search: (before) => ({ ...before, page: undefined, ...change }), replace: true });
  const alerts = data?.data ?? [];
  const toggle = (alert: AlertDto): void =>
    setSelected((before) => {
      const next = new Set(before);
      if (!next.delete(alert.id)) next.add(alert.id);
      return next;
    });
  const open = (alert: AlertDto): void => void navigate({ to: '/alerts/$id', params: { id: alert.id } });
  const active = useListKeys(alerts, { open, toggle });
  useHotkeys({ '.': waiting.show, Escape: () => setSelected(new Set()) });
  const pages = Math.ceil((data?.pagination.total ?? 0) / 50);
  return (
    <Page title="Alerts" tabTitle={data === undefined ? 'Alerts' : `(${data.pagination.total}) Alerts`}>
      <Filters search={search} set={set} />
      {waiting.count > 0 && (
        <Button
          variant="default"
          size="xs"
          onClick={waiting.show}
          style={{ position: 'sticky', top: 60, zIndex: 5, alignSelf: 'center' }}
        >
          ▲ {waiting.count} new {waiting.critical > 0 ? `· ${waiting.critical} critical ` : ''}— show (.)
        </Button>
      )}
      {error !== null && <ErrorState what="Alerts" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="alerts" />}
      {data !== undefined && alerts.length === 0 && (
        <NoAlerts search={search} clear={() => void navigate({ search: {} })} />
      )}
      {alerts.length > 0 && (
        <Paper withBorder>
          <AlertTable
            alerts={alerts}
            selected={selected}
            toggle={toggle}
            open={open}
            active={active}
            selectAll={(all) => setSelected(new Set(all ? alerts.map((alert) => alert.id) : []))}
          />
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
      <BulkBar ids={[...selected]} done={() => setSelected(new Set())} />
    </Page>
  );
}

function Filters({ search, set }: { search: AlertSearch; set(change: Partial<AlertSearch>): void }) {
  return (
    <Group gap="sm" align="flex-end">
      <SegmentedControl
        aria-label="View"
        value={search.view ?? 'attention'}
        onChange={(view) => set({ view: view === 'attention' ? undefined : view })}
        data={[
          { value: 'attention', label: 'Needs attention' },
          { value: 'resolved', label: 'Resolved' },
          { value: 'all', label: 'All' },
        ]}
      />
      <TypedFilter
        data-search
        aria-label="Search alerts"
        placeholder="Search (/)"
        value={search.q}
        change={(q) => set({ q })}
        style={{ flex: '1 1 180px' }}
      />
      <TypedFilter
        aria-label="Filter by label"
        placeholder="label=value"
        value={search.label}
        change={(label) => set({ label })}
        style={{ flex: '1 1 140px' }}
      />
      <Select
        aria-label="Severity"
        placeholder="Any severity"
        clearable
        value={search.severity ?? null}
        onChange={(severity) => set({ severity: severity ?? undefined })}
        data={['critical', 'high', 'warning', 'info']}
        w={150}
      />
    </Group>
  );
}

/** Changes rows in place and holds new ones back, so that nothing jumps under somebody's finger. */
function useHeldAlerts(search: AlertSearch, page: PageDto<AlertDto> | undefined, busy: boolean) {
  const queries = useQueryClient();
  const [held, setHeld] = useState<AlertDto[]>([]);
  const { queryKey } = alertList(search);
  const show = (): void => {
    setHeld([]);
    void queries.invalidateQueries({ queryKey: [...alertsKey, 'list'] });
  };
  const calm = useDebouncedCallback(show, 250);
  useLive('alert.updated', (alerts) => queries.setQueryData(queryKey, (before) => patchRows(before, alerts)));
  useLive('alert.created', (alerts) => {
    if (
      !busy &&
      window.scrollY < 80 &&
      (search.page ?? 1) === 1 &&
      document.querySelector('[role="dialog"], [role="menu"]') === null
    )
      calm();
    else setHeld((before) => [...before, ...notShown(page, alerts)]);
  });
  useLive('alert.deleted', show);
  return { count: held.length, critical: held.filter((alert) => alert.severity === 'critical').length, show };
}
