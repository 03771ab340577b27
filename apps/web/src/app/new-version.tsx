import { Button, Group, Paper, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useLiveState } from '../shared/live/live';

const ENTRY = /assets\/index-[\w-]+\.js/;
const running = (): string | undefined =>
  ENTRY.exec([...document.scripts].map((script) => script.src).join(' '))?.[0];

async function newest(): Promise<string | undefined> {
  const response = await fetch('/', { cache: 'no-store' });
  return response.ok ? ENTRY.exec(await response.text())?.[0] : undefined;
}

/** After each reconnect: says that the engine brought a newer app. Never reloads by itself, for there may be drafts. */
export function NewVersionBar() {
  const { state } = useLiveState();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const mine = running();
    if (state !== 'live' || mine === undefined) return;
    newest().then(
      (name) => setReady(name !== undefined && name !== mine),
      () => undefined,
    );
  }, [state]);
  if (!ready) return null;
  return (
    <Paper withBorder px="md" py="xs" mb="md" role="status">
      <Group justify="space-between">
        <Text size="sm">A new version of this app is ready.</Text>
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          Reload
        </Button>
      </Group>
    </Paper>
  );
}
