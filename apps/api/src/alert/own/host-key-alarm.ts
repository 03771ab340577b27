import type { DomainEventPayload, Labels } from '@aiops/contracts';
import { fingerprintOf } from '../identity/fingerprint.js';
import type { Delivery } from '../ingest/delivery.js';

type Raised = Extract<DomainEventPayload<'host_key.alarm.v1'>, { state: 'raised' }>;

/** Source of the alerts that the engine itself raises. */
export const OWN_SOURCE = 'aiops';
const ALERT_NAME = 'SshHostKeyChanged';

/** One alert for each target, whatever it is called meanwhile. */
export const hostKeyFingerprint = (targetId: string): string =>
  fingerprintOf({ alertname: ALERT_NAME, target_id: targetId });

const texts = {
  changed: {
    summary: (name: string) => `The SSH host key of ${name} changed: connections are blocked`,
    description:
      'Either the host was reinstalled or got a new key, or somebody is in between. Compare the fingerprint with the host’s own (ssh-keygen -lf) and then accept or refuse the key on the target’s page. Nothing is run there until then.',
  },
  revoked: {
    summary: (name: string) => `${name} shows a revoked SSH host key: connections are blocked`,
    description:
      'The key was revoked, so whoever holds it must not be trusted. Give the host a new key and accept that one on the target’s page. Nothing is run there until then.',
  },
};

/** The alert about a host key; it ends when a person has judged the key, and by no timeout. */
export function hostKeyDelivery(event: Raised, publicUrl: string | undefined, now: Date): Delivery {
  const { target_id, target_name, known_fingerprints, seen_fingerprint } = event;
  const { summary, description } = texts[event.reason];
  const known: Labels =
    known_fingerprints.length === 0 ? {} : { known_fingerprint: known_fingerprints.join(', ') };
  return {
    source: OWN_SOURCE,
    fingerprint: hostKeyFingerprint(target_id),
    status: 'firing',
    alertName: ALERT_NAME,
    severity: 'critical',
    labels: { alertname: ALERT_NAME, severity: 'critical', instance: target_name, target_id },
    annotations: { summary: summary(target_name), description, ...known, seen_fingerprint },
    generatorUrl: publicUrl === undefined ? null : `${publicUrl.replace(/\/$/, '')}/targets/${target_id}`,
    extras: {},
    truncatedAlerts: 0,
    startsAt: now,
    startsAtStated: false,
    endsAt: null,
    resolveAfterMs: null,
  };
}
