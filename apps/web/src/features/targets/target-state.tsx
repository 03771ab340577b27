import type { TargetDto } from '@aiops/contracts';
import { Mark } from '../../shared/ui/badges';

/** Whether the engine can act there, the most urgent reason first. */
export function TargetState({ target }: { target: TargetDto }) {
  if (target.host_key_status === 'changed')
    return <Mark icon="◆" word="Host key changed" meaning="critical" />;
  if (target.host_key_status === 'pending')
    return <Mark icon="‖" word="Host key to accept" meaning="waiting" />;
  if (target.reachable === false) return <Mark icon="✕" word="No contact" meaning="failed" />;
  if (target.reachable === true && target.last_error === null)
    return <Mark icon="✓" word="Reachable" meaning="good" />;
  if (target.last_error !== null) return <Mark icon="▲" word="Sign-in refused" meaning="high" />;
  return <Mark icon="○" word="Not tried yet" meaning="settled" />;
}
