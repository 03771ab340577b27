import { Button, Code } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { EmptyState } from '../../shared/ui/states';
import { alertList } from './queries';
import type { AlertSearch } from './search';

/** Four empties, four texts: nothing ever came, all is clear, or the filters hide what there is. */
export function NoAlerts({ search, clear }: { search: AlertSearch; clear(): void }) {
  const { data: any } = useQuery(alertList({ view: 'all' }));
  const filtered = [search.q, search.severity, search.label].some((filter) => filter !== undefined);
  if (any?.pagination.total === 0) {
    return (
      <EmptyState title="No alerts have arrived yet">
        Point Alertmanager’s webhook at <Code>{`${location.origin}/api/v1/ingest/alertmanager`}</Code> with an
        API key of the scope “ingest” (Settings › API keys), or send one with curl. It appears here at once.
      </EmptyState>
    );
  }
  if (filtered) {
    return (
      <EmptyState
        title="No alert matches these filters"
        action={
          <Button variant="default" onClick={clear}>
            Clear the filters
          </Button>
        }
      >
        There are {any?.pagination.total ?? 'other'} alerts in all.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="All clear">Nothing fires right now. Resolved alerts are one view further.</EmptyState>
  );
}
