import { LinkButton } from '../shared/ui/links';
import { EmptyState } from '../shared/ui/states';

export function NotFoundPage() {
  return (
    <EmptyState
      title="There is no such page"
      action={
        <LinkButton to="/overview" variant="default">
          Go to the overview
        </LinkButton>
      }
    >
      The address may be old, or mistyped.
    </EmptyState>
  );
}
