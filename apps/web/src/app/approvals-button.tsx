import { LinkButton } from '../shared/ui/links';
import { useCounts } from './counts';

/** How many executions wait for a person, on every page. */
export function ApprovalsButton() {
  const { waiting } = useCounts();
  if (waiting === 0) return null;
  return (
    <LinkButton
      to="/executions"
      search={{ view: 'waiting' }}
      size="xs"
      variant="default"
      style={{ color: 'var(--c-waiting)', borderColor: 'var(--c-waiting)' }}
      leftSection={<span aria-hidden>‖</span>}
    >
      {waiting} waiting
    </LinkButton>
  );
}
