import { Button, Center } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { refreshSession } from '../shared/api/keep-session';
import { EmptyState, Loading } from '../shared/ui/states';

const LONGEST_WAIT_MS = 15_000;

/** Before the first page: goes on with the session of this browser, for as long as it takes the engine to answer. */
export function Restoring() {
  const { failureCount, failureReason, refetch } = useQuery({
    queryKey: ['session', 'restore'],
    queryFn: () => refreshSession(),
    networkMode: 'always',
    retry: true,
    retryDelay: (attempt) => Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** attempt),
    gcTime: 0,
  });
  return (
    <Center mih="100dvh" component="main">
      {failureCount === 0 ? (
        <Loading what="your session" />
      ) : (
        <EmptyState
          title="The engine cannot be asked whether you are signed in"
          action={
            <Button variant="default" onClick={() => void refetch({ cancelRefetch: true })}>
              Try now
            </Button>
          }
        >
          {failureReason?.message} It is tried again by itself.
        </EmptyState>
      )}
    </Center>
  );
}
