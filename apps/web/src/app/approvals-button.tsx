import type { ExecutionDto } from '@aiops/contracts';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { list } from '../shared/api/client';
import { useLive } from '../shared/live/live';

/** How many executions wait for a person, on every page. */
export function ApprovalsButton() {
  const queries = useQueryClient();
  const key = ['executions', 'waiting-count'];
  const { data } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      list<ExecutionDto>(
        '/executions',
        { status: 'awaiting_approval,needs_attention', limit: 1, fields: 'id' },
        signal,
      ),
  });
  useLive('execution.updated', () => void queries.invalidateQueries({ queryKey: key }));
  const count = data?.pagination.total ?? 0;
  if (count === 0) return null;
  return (
    <Button
      component={Link}
      to="/executions?view=waiting"
      size="xs"
      variant="default"
      style={{ color: 'var(--c-waiting)', borderColor: 'var(--c-waiting)' }}
      leftSection={<span aria-hidden>‖</span>}
    >
      {count} waiting
    </Button>
  );
}
