import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../shared/ui/states';

export function NotFoundPage() {
  return (
    <EmptyState
      title="There is no such page"
      action={
        <Button component={Link} to="/overview" variant="default">
          Go to the overview
        </Button>
      }
    >
      The address may be old, or mistyped.
    </EmptyState>
  );
}
