import { Alert, Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useSpoken } from '../shared/live/announce';
import { ageOf, useNow } from '../shared/live/clock';
import { useLiveState } from '../shared/live/live';

const OFFLINE = { icon: '✕', word: 'Offline', colour: 'var(--c-failed)' };
const RECONNECTING = { icon: '◌', word: 'Reconnecting', colour: 'var(--c-late)' };

/** Whether what is shown is live. Screen readers hear of changes once, from the live regions, not every second. */
export function ConnectionPill() {
  const { state, since } = useLiveState();
  const look = {
    live: { icon: '●', word: 'Live', colour: 'var(--c-good)' },
    connecting: { icon: '◌', word: 'Connecting', colour: 'var(--c-settled)' },
    offline: navigator.onLine ? RECONNECTING : OFFLINE,
  }[state];
  return (
    <Text size="sm" style={{ color: look.colour, whiteSpace: 'nowrap' }}>
      <span aria-hidden>{look.icon}</span> {look.word}
      {since !== null && <Since since={since} />}
    </Text>
  );
}

const Since = ({ since }: { since: number }) => <> {ageOf(useNow() - since)}</>;

/** After five seconds without contact the page says how old its data is. */
export function NotLiveBar() {
  const { state, since } = useLiveState();
  if (state !== 'offline' || since === null) return null;
  return <NotLive since={since} />;
}

function NotLive({ since }: { since: number }) {
  const { socket } = useLiveState();
  const now = useNow();
  const queries = useQueryClient();
  if (now - since < 5_000) return null;
  const retry = (): void => {
    socket?.connect();
    void queries.invalidateQueries({ refetchType: 'active' });
  };
  return (
    <Alert color="gray" variant="outline" mb="md">
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

/** The only two live regions of the app. */
export function LiveRegions() {
  const { polite, assertive } = useSpoken();
  return (
    <VisuallyHidden>
      <div role="status">{polite}</div>
      <div aria-live="assertive">{assertive}</div>
    </VisuallyHidden>
  );
}
