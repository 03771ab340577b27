import type { SessionDto } from '@aiops/contracts';
import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconDeviceDesktop, IconDeviceMobile, IconTerminal2 } from '@tabler/icons-react';
import { Age, At } from '../../shared/ui/time';
import { kindOf, ownFirst } from './session-words';

const icons = { computer: IconDeviceDesktop, phone: IconDeviceMobile, program: IconTerminal2 } as const;

/** One's own session first, then the others, the one used last on top. */
export function SessionList({ sessions, end }: { sessions: SessionDto[]; end(session: SessionDto): void }) {
  return (
    <Paper withBorder component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Sessions">
      {ownFirst(sessions).map((session) => (
        <Row key={session.id} session={session} end={() => end(session)} />
      ))}
    </Paper>
  );
}

function Row({ session, end }: { session: SessionDto; end(): void }) {
  const { device, address, current, last_active_at: used, created_at: began } = session;
  const Icon = icons[kindOf(session)];
  return (
    <Group
      component="li"
      p="md"
      wrap="nowrap"
      align="center"
      style={{ borderBottom: '1px solid var(--c-hairline)' }}
    >
      <Icon size={24} stroke={1.6} aria-hidden style={{ flexShrink: 0 }} />
      <Stack gap={2} style={{ flexGrow: 1, minWidth: 0 }}>
        <Group gap="xs">
          <Text fw={500} title={session.user_agent ?? undefined}>
            {device}
          </Text>
          {current && (
            <Badge variant="default" tt="none" fw={400}>
              This one
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {address} · {current ? 'in use now' : <Age at={used} suffix=" ago" />} · signed in <At at={began} />
        </Text>
      </Stack>
      {!current && (
        <Button
          size="compact-sm"
          variant="default"
          style={{ flexShrink: 0 }}
          aria-label={`End the session on ${device}, ${address}`}
          onClick={end}
        >
          End
        </Button>
      )}
    </Group>
  );
}
