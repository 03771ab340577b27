import { Alert, Button, Code, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { ApiError, messageOf } from '../api/client';

/** There is nothing here, why, and what to do about it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py={56} px="md" ta="center">
      <Title order={2} size="h3">
        {title}
      </Title>
      {children !== undefined && (
        <Text c="dimmed" maw={560}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}

/** What failed, what still holds, and a way to try again. */
export function ErrorState({ what, error, retry }: { what: string; error: unknown; retry?: () => void }) {
  const trace = error instanceof ApiError ? error.problem.trace_id : '';
  return (
    <Alert variant="outline" color="gray" title={`${what} could not be loaded`} role="alert" my="md">
      <Text size="sm">{messageOf(error)}</Text>
      <Group mt="sm" gap="sm">
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
        {trace !== '' && (
          <Text size="xs" c="dimmed">
            Trace id <Code>{trace}</Code>
          </Text>
        )}
      </Group>
    </Alert>
  );
}

/** Nothing for the first moment, then a quiet sign of life. */
export function Loading({ what }: { what: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Group justify="center" py={56} mih={140} role="status" aria-label={`Loading ${what}`}>
      {shown && <Loader type="dots" />}
    </Group>
  );
}
