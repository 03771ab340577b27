import type { AlertDto, ExecutionDto } from '@aiops/contracts';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { list } from '../shared/api/client';
import { announce } from '../shared/live/announce';
import { useCoalesced } from '../shared/live/coalesce';
import { useLive } from '../shared/live/live';

/** Between two readings of a count, in milliseconds, however many alerts come in. */
const EVERY_MS = 1_000;

const firing = queryOptions({
  queryKey: ['alerts', 'count', 'firing'],
  queryFn: ({ signal }) => list<AlertDto>('/alerts', { status: 'firing', limit: 1, fields: 'id' }, signal),
});
const waiting = queryOptions({
  queryKey: ['executions', 'waiting-count'],
  queryFn: ({ signal }) =>
    list<ExecutionDto>(
      '/executions',
      { status: 'awaiting_approval,needs_attention', limit: 1, fields: 'id' },
      signal,
    ),
});

/** How many alerts nobody is on, and how many executions wait for a person. */
export function useCounts(): { firing: number; waiting: number } {
  return {
    firing: useQuery(firing).data?.pagination.total ?? 0,
    waiting: useQuery(waiting).data?.pagination.total ?? 0,
  };
}

/** Keeps the counts true; once, in the shell. */
export function useLiveCounts(): void {
  const queries = useQueryClient();
  const countAlerts = useCoalesced(
    () => queries.invalidateQueries({ queryKey: firing.queryKey }, { cancelRefetch: false }),
    EVERY_MS,
  );
  const countExecutions = useCoalesced(
    () => queries.invalidateQueries({ queryKey: waiting.queryKey }, { cancelRefetch: false }),
    EVERY_MS,
  );
  useLive('alert.created', countAlerts);
  useLive('alert.updated', countAlerts);
  useLive('alert.deleted', countAlerts);
  useLive('execution.updated', countExecutions);
  useLive('execution.approval_requested', (execution) => {
    countExecutions();
    announce(`An approval waits for you: ${execution.runbook.name}`, 'assertive');
  });
}
