import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { EmptyState, ErrorState } from '../shared/ui/states';

/** What browsers say when a part of the app is not on the server any more, because a newer one took its place. */
const MISSING_PART =
  /dynamically imported module|importing a module script|module script failed|preload css/i;

export function PageError({ error, reset }: ErrorComponentProps) {
  if (error instanceof Error && MISSING_PART.test(error.message))
    return (
      <EmptyState
        title="This part of the app could not be loaded"
        action={<Button onClick={() => location.reload()}>Reload</Button>}
      >
        The connection failed, or a newer version of the app has taken its place.
      </EmptyState>
    );
  return <ErrorState what="This page" error={error} retry={reset} />;
}
