import { Affix, Button, Group, Paper, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../../shared/api/session';
import { notifyDone, notifyError } from '../../shared/ui/notify';
import { alertsKey, bulk } from './queries';

const words = { acknowledge: 'Acknowledged', resolve: 'Resolved' } as const;

/** What can be done with the selected alerts; tells honestly which ones did not work. */
export function BulkBar({ ids, done }: { ids: string[]; done(): void }) {
  const queries = useQueryClient();
  const may = useMay('responder');
  const run = useMutation({
    mutationFn: (action: 'acknowledge' | 'resolve') => bulk(action, ids),
    onSuccess: ({ success, failed }, action) => {
      const reasons = [...new Set(failed.map((failure) => failure.error))].slice(0, 3).join(' ');
      notifyDone(`${words[action]} ${success.length} of ${success.length + failed.length}. ${reasons}`);
      done();
    },
    onError: (error) => notifyError('Nothing was changed', error),
    onSettled: () => queries.invalidateQueries({ queryKey: alertsKey }),
  });
  if (ids.length === 0 || !may) return null;
  return (
    <Affix position={{ bottom: 72, left: 0, right: 0 }} zIndex={50}>
      <Group justify="center">
        <Paper withBorder shadow="md" px="md" py="xs" role="toolbar" aria-label="Selected alerts">
          <Group gap="sm">
            <Text size="sm">{ids.length} selected</Text>
            <Button size="xs" loading={run.isPending} onClick={() => run.mutate('acknowledge')}>
              Acknowledge
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={run.isPending}
              onClick={() => run.mutate('resolve')}
            >
              Resolve
            </Button>
            <Button size="xs" variant="subtle" color="gray" onClick={done}>
              Clear (Esc)
            </Button>
          </Group>
        </Paper>
      </Group>
    </Affix>
  );
}
