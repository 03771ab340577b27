import { Affix, Button, Group, Paper, Text } from '@mantine/core';
import { useHandle } from './use-handle';

/** What can be done with the selected operations. */
export function FailedBulkBar({ ids, done }: { ids: string[]; done(): void }) {
  const { pending, retry, discard } = useHandle(ids, done);
  if (ids.length === 0) return null;
  return (
    <Affix position={{ bottom: 72, left: 0, right: 0 }} zIndex={50}>
      <Group justify="center" px="xs">
        <Paper withBorder shadow="md" px="md" py="xs" role="toolbar" aria-label="Selected operations">
          <Group gap="sm">
            <Text size="sm">{ids.length} selected</Text>
            <Button size="xs" loading={pending} onClick={retry}>
              Try again
            </Button>
            <Button size="xs" variant="default" disabled={pending} onClick={discard}>
              Discard…
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
