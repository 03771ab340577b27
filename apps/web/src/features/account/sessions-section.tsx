import type { SessionDto } from '@aiops/contracts';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { leaveInAllTabs } from '../../shared/api/keep-session';
import { confirmAction } from '../../shared/ui/confirm';
import { notifyDone, notifyError } from '../../shared/ui/notify';
import { ErrorState, Loading } from '../../shared/ui/states';
import { endAllSessions, endOtherSessions, endSession, mySessions } from './queries';
import { SessionList } from './session-list';

/** On which devices somebody is signed in, and how to end that. */
export function SessionsSection() {
  const { data, error, refetch, isPending } = useQuery(mySessions);
  const actions = useSessionActions();
  const sessions = data?.data ?? [];
  return (
    <Stack gap="md" component="section" aria-labelledby="sessions-title">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} maw={640}>
          <Title order={2} size="h3" id="sessions-title">
            Where you are signed in
          </Title>
          <Text size="sm" c="dimmed">
            A session that you end is over at once. If you see one that is not yours, end it and change your
            password.
          </Text>
        </Stack>
        <Group gap="xs">
          {sessions.length > 1 && (
            <Button variant="default" onClick={() => actions.endOthers(sessions.length - 1)}>
              End all others
            </Button>
          )}
          <Button variant="default" onClick={actions.endAll}>
            Sign out everywhere
          </Button>
        </Group>
      </Group>
      {error !== null && <ErrorState what="Your sessions" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="your sessions" />}
      {sessions.length > 0 && <SessionList sessions={sessions} end={actions.endOne} />}
    </Stack>
  );
}

interface SessionActions {
  endOne(session: SessionDto): void;
  endOthers(count: number): void;
  endAll(): void;
}

function useSessionActions(): SessionActions {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: mySessions.queryKey });
  const one = useMutation({
    mutationFn: ({ id }: SessionDto) => endSession(id),
    onSuccess: (_nothing, { device }) => notifyDone(`The session on ${device} has ended.`),
    onError: (error) => notifyError('The session was not ended', error),
    onSettled,
  });
  const others = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => notifyDone('All other sessions have ended.'),
    onError: (error) => notifyError('The other sessions were not ended', error),
    onSettled,
  });
  const all = useMutation({
    mutationFn: endAllSessions,
    onSuccess: () => leaveInAllTabs('You have signed out everywhere.'),
    onError: (error) => notifyError('You are still signed in', error),
  });
  return {
    endOne: (session) => one.mutate(session),
    endOthers: (count) =>
      confirmAction({
        title: count === 1 ? 'End the other session?' : `End ${count} other sessions?`,
        text: 'You stay signed in here. On all other devices you sign in again.',
        verb: 'End all others',
        onConfirm: () => others.mutate(),
      }),
    endAll: () =>
      confirmAction({
        title: 'Sign out everywhere?',
        text: 'All of your sessions end at once, this one too.',
        verb: 'Sign out everywhere',
        onConfirm: () => all.mutate(),
      }),
  };
}
