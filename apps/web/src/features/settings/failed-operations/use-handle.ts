import { useMutation, useQueryClient } from '@tanstack/react-query';
import { confirmAction } from '../../../shared/ui/confirm';
import { notifyDone, notifyError } from '../../../shared/ui/notify';
import { failedKey, handleMany, type FailedAction } from './queries';

const words = { retry: 'Tried again', discard: 'Discarded' } as const;
const REASONS = 3;

/** Tries operations again or, after a question, discards them, and says honestly what became of each. */
export function useHandle(ids: string[], done: () => void) {
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: (action: FailedAction) => handleMany(action, ids),
    onSuccess: ({ success, failed }, action) => {
      const reasons = [...new Set(failed.map((failure) => failure.error))].slice(0, REASONS).join(' ');
      const count = success.length + failed.length;
      notifyDone(`${words[action]}: ${success.length} of ${count}. ${reasons}`.trim());
      done();
    },
    onError: (error) => notifyError('Nothing was changed', error),
    onSettled: () => queries.invalidateQueries({ queryKey: failedKey }),
  });
  const what = ids.length === 1 ? 'this operation' : `${ids.length} operations`;
  return {
    pending: run.isPending,
    retry: () => run.mutate('retry'),
    discard: () =>
      confirmAction({
        title: `Discard ${what}?`,
        text: `${ids.length === 1 ? 'Its' : 'Their'} work will not be done. This cannot be undone.`,
        verb: 'Discard',
        onConfirm: () => run.mutate('discard'),
      }),
  };
}
