import { Alert, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { ageOf, useNow } from '../shared/live/clock';
import { useLiveState } from '../shared/live/live';

/** Whether what is shown is live. */
export function ConnectionPill() {
  const { state, since } = useLiveState();
  const now = useNow();
  const looks = {
    live: { icon: '●', word: 'Live', colour: 'var(--c-good)' },
    connecting: { icon: '◌', word: 'Connecting', colour: 'var(--c-settled)' },
    offline: {
      icon: '✕',
      word: since === null ? 'Offline' : `Offline ${ageOf(now - since)}`,
      colour: 'var(--c-failed)',
    },
  } as const;
  const look = looks[state];
  return (
    <Text size="sm" style={{ color: look.colour, whiteSpace: 'nowrap' }} role="status">
      <span aria-hidden>{look.icon}</span> {look.word}
    </Text>
  );
}

/** After five seconds without contact the page says how old its data is. */
export function NotLiveBar() {
  const { state, since, socket } = useLiveState();
  const now = useNow();
  const queries = useQueryClient();
  if (state !== 'offline' || since === null || now - since < 5_000) return null;
  const retry = (): void => {
    socket?.connect();
    void queries.invalidateQueries({ refetchType: 'active' });
  };
  return (
    <Alert color="gray" variant="outline" mb="md" role="alert">
      <Group justify="space-between">
        <Text size="sm">
          Not live. Showing data from {new Date(since).toLocaleTimeString()}, {ageOf(now - since)} old. What
          you see as running may have ended.
        </Text>
        <Button size="xs" variant="default" onClick={retry}>
          Retry now
        </Button>
      </Group>
    </Alert>
  );
}
