import type { FailedOperationDto } from '@aiops/contracts';
import { Button, Checkbox, Drawer, Group, Pagination, Paper, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useLive } from '../../../shared/live/live';
import { useHotkeys } from '../../../shared/ui/hotkeys';
import { useListKeys } from '../../../shared/ui/list-keys';
import { notifyError } from '../../../shared/ui/notify';
import { EmptyState, ErrorState, Loading } from '../../../shared/ui/states';
import { FailedBulkBar } from './failed-bulk-bar';
import { FailedDetail } from './failed-detail';
import { FailedFilters } from './failed-filters';
import { FailedList } from './failed-list';
import { failedKey, failedList, matchingIds, MOST_AT_ONCE } from './queries';
import { isFiltered, PAGE_SIZE, type FailedSearch } from './search';

const route = getRouteApi('/settings');

/** Background work that used up its attempts; nothing is lost, a person decides. */
export function FailedOperationsTab() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const { data, error, refetch, isPending } = useQuery(failedList(search));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<FailedOperationDto | null>(null);
  useLive('notification.failed', () => void queries.invalidateQueries({ queryKey: failedKey }));
  const clear = (): void => setSelected(new Set());
  const set = (change: Partial<FailedSearch>): void => {
    clear();
    void navigate({ search: (before) => ({ ...before, page: undefined, ...change }), replace: true });
  };
  const operations = data?.data ?? [];
  const toggle = ({ id, status }: FailedOperationDto): void => {
    if (status !== 'failed') return;
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  const active = useListKeys(operations, { open: setOpened, toggle });
  useHotkeys({ Escape: clear });
  const total = data?.pagination.total ?? 0;
  return (
    <Stack>
      <FailedFilters search={search} set={set} />
      {error !== null && <ErrorState what="Failed operations" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="failed operations" />}
      {data !== undefined && operations.length === 0 && (
        <Nothing filtered={isFiltered(search)} clear={() => void navigate({ search: { tab: 'failed' } })} />
      )}
      {operations.length > 0 && (
        <Paper withBorder>
          <SelectAll {...{ operations, selected, setSelected, search, total }} />
          <FailedList {...{ operations, selected, active, toggle }} open={setOpened} />
        </Paper>
      )}
      {total > PAGE_SIZE && (
        <Pagination
          total={Math.ceil(total / PAGE_SIZE)}
          value={search.page ?? 1}
          onChange={(page) => void navigate({ search: (before) => ({ ...before, page }) })}
          getControlProps={(control) => ({ 'aria-label': control })}
        />
      )}
      <FailedBulkBar ids={[...selected]} done={clear} />
      <Drawer
        opened={opened !== null}
        onClose={() => setOpened(null)}
        position="right"
        size="lg"
        title={opened?.operation}
      >
        {opened !== null && <FailedDetail operation={opened} done={() => setOpened(null)} />}
      </Drawer>
    </Stack>
  );
}

function Nothing({ filtered, clear }: { filtered: boolean; clear(): void }) {
  if (!filtered) {
    return (
      <EmptyState title="Nothing failed for good">
        Work that uses up its attempts is kept here until somebody tries it again or discards it.
      </EmptyState>
    );
  }
  const action = (
    <Button variant="default" onClick={clear}>
      Clear the filters
    </Button>
  );
  return <EmptyState title="No operation matches these filters" action={action} />;
}

interface SelectAllProps {
  operations: FailedOperationDto[];
  selected: ReadonlySet<string>;
  setSelected(ids: ReadonlySet<string>): void;
  search: FailedSearch;
  total: number;
}

/** All that are shown, and then all that match. */
function SelectAll({ operations, selected, setSelected, search, total }: SelectAllProps) {
  const open = operations.filter(({ status }) => status === 'failed').map(({ id }) => id);
  const all = open.length > 0 && open.every((id) => selected.has(id));
  const more = useMutation({
    mutationFn: () => matchingIds(search),
    onSuccess: (ids) => setSelected(new Set(ids)),
    onError: (error) => notifyError('Not all were selected', error),
  });
  if (open.length === 0) return null;
  return (
    <Group p="sm" gap="sm" style={{ borderBottom: '1px solid var(--c-hairline)' }} mih={52}>
      <Checkbox
        size="sm"
        label={`Select all shown (${open.length})`}
        checked={all}
        indeterminate={!all && selected.size > 0}
        onChange={() => setSelected(new Set(all ? [] : open))}
      />
      {all && total > operations.length && (
        <Button size="compact-sm" variant="default" loading={more.isPending} onClick={() => more.mutate()}>
          {total > MOST_AT_ONCE ? `Select the newest ${MOST_AT_ONCE}` : 'Select all that match'}
        </Button>
      )}
    </Group>
  );
}
