import type { NotificationEvent, Severity } from '@aiops/contracts';

interface RoutablePolicy {
  severities: Severity[];
  events: NotificationEvent[];
  channelIds: string[];
}

/**
 * Ids of the channels that hear of an event, each once however many policies name it. An event without a severity
 * (a changed host key) passes every severity filter: better one message too many.
 */
export function channelsFor(
  policies: readonly RoutablePolicy[],
  event: NotificationEvent,
  severity: Severity | null,
): string[] {
  const matching = policies.filter(
    (policy) =>
      policy.events.includes(event) &&
      (policy.severities.length === 0 || severity === null || policy.severities.includes(severity)),
  );
  return [...new Set(matching.flatMap((policy) => policy.channelIds))];
}
