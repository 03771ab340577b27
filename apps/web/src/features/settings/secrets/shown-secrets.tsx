import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { CopyText } from '../copy-text';

/** How long a secret stays on a screen that somebody else may walk past. */
export const SHOWN_MS = 60_000;

interface Props {
  secrets: Record<string, string>;
  /** When they came, in milliseconds. */
  since: number;
  hide(): void;
}

/** Secrets in the clear, until they hide themselves. */
export function ShownSecrets({ secrets, since, hide }: Props) {
  const left = useCountdown(since, hide);
  const entries = Object.entries(secrets);
  return (
    <Stack>
      {entries.length === 0 && <Text size="sm">There is no secret in it.</Text>}
      {entries.map(([name, value]) => (
        <Stack key={name} gap={6}>
          <Group justify="space-between">
            <Text size="sm" fw={600}>
              {secretWord(name)}
            </Text>
            <CopyText text={value} label={`Copy ${secretWord(name).toLowerCase()}`} />
          </Group>
          <Code block tabIndex={0} mah={260} style={{ overflow: 'auto' }}>
            {value}
          </Code>
        </Stack>
      ))}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Hides itself in {left} s
        </Text>
        <Button onClick={hide}>Hide now</Button>
      </Group>
    </Stack>
  );
}

/** Seconds left; by the clock and not by counting, since a tab in the background ticks seldom. */
function useCountdown(since: number, hide: () => void): number {
  const until = since + SHOWN_MS;
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= until) hide();
    }, 1_000);
    return () => clearInterval(timer);
  }, [until, hide]);
  return Math.max(0, Math.ceil((until - now) / 1_000));
}

/** `api_key` → `API key`. */
function secretWord(name: string): string {
  const words = name
    .replaceAll('_', ' ')
    .replace(/\bapi\b/, 'API')
    .replace(/\burl\b/, 'address');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
