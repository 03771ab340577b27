import type { HostKeyDto, TargetDto } from '@aiops/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notifyError } from '../../shared/ui/notify';
import { acceptKey, revokeKey, targetsKey } from './queries';

/** What a person decides about the keys of a target. */
export function useHostKeyActions(target: TargetDto) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: ({ action, id }: { action: typeof acceptKey; id: string }) => action(target.id, id),
    onError: (error) => notifyError('The key was not changed', error),
    onSettled: () => queries.invalidateQueries({ queryKey: targetsKey }),
  });
  return {
    isPending: change.isPending,
    accept: ({ id }: HostKeyDto) => change.mutate({ action: acceptKey, id }),
    refuse: ({ id }: HostKeyDto) => change.mutate({ action: revokeKey, id }),
  };
}
