import { Group, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { TypedFilter } from '../../../shared/ui/typed-filter';
import { failedNames } from './queries';
import { statuses, toLocalInput, type FailedSearch, type Since } from './search';

const views = [
  { value: 'failed', label: 'Open' },
  { value: 'retried', label: 'Retried' },
  { value: 'discarded', label: 'Discarded' },
  { value: 'all', label: 'All' },
];
const spans: { value: Since; label: string }[] = [
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last 24 hours' },
  { value: 'week', label: 'Last 7 days' },
  { value: 'between', label: 'Between…' },
];

interface Props {
  search: FailedSearch;
  set(change: Partial<FailedSearch>): void;
}

export function FailedFilters({ search, set }: Props) {
  const { data: known = [] } = useQuery(failedNames);
  const names = [...new Set([...known, ...(search.operation === undefined ? [] : [search.operation])])];
  return (
    <Group gap="sm" align="flex-end">
      <SegmentedControl
        aria-label="State"
        value={search.status ?? 'failed'}
        onChange={(status) => set({ status: statuses.find((known) => known === status) })}
        data={views}
      />
      <TypedFilter
        data-search
        aria-label="Search operations and errors"
        placeholder="Search (/)"
        value={search.q}
        change={(q) => set({ q })}
        style={{ flex: '1 1 180px' }}
      />
      <Select
        aria-label="Operation"
        placeholder="Any operation"
        clearable
        searchable
        value={search.operation ?? null}
        onChange={(operation) => set({ operation: operation ?? undefined })}
        data={names}
        style={{ flex: '1 1 180px' }}
      />
      <Select
        aria-label="When"
        placeholder="Any time"
        clearable
        value={search.since ?? null}
        onChange={(since) => set({ since: spans.find(({ value }) => value === since)?.value })}
        data={spans}
        w={160}
      />
      {search.since === 'between' && <Between search={search} set={set} />}
    </Group>
  );
}

function Between({ search, set }: Props) {
  const at = (text: string): string | undefined => (text === '' ? undefined : new Date(text).toISOString());
  return (
    <>
      <TextInput
        type="datetime-local"
        label="From"
        value={toLocalInput(search.from)}
        onChange={(event) => set({ from: at(event.currentTarget.value) })}
      />
      <TextInput
        type="datetime-local"
        label="Until"
        value={toLocalInput(search.to)}
        onChange={(event) => set({ to: at(event.currentTarget.value) })}
      />
    </>
  );
}
