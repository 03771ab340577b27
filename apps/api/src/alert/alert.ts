import type { AlertDto, AlertStatus, Labels, Severity } from '@aiops/contracts';

/** Where remediation of one episode stands. */
export type RemediationState = AlertDto['remediation'];

/** One episode of an alert: from the first firing to its resolution. */
export interface Alert {
  id: string;
  /** Same for all episodes of one alert; Alertmanager's fingerprint of the labels. */
  fingerprint: string;
  source: string;
  alertName: string;
  severity: Severity;
  status: AlertStatus;
  labels: Labels;
  annotations: Labels;
  generatorUrl: string | null;
  /** What the sender said beyond the fields that we know. */
  extras: Record<string, unknown>;
  /** Alerts that the sender left out of the group this one came in; 0 when none. */
  truncatedAlerts: number;
  startsAt: Date;
  /** The end that the sender named, in the future too; null while it named none. */
  endsAt: Date | null;
  lastReceivedAt: Date;
  /** Firing deliveries of this episode. */
  occurrences: number;
  acknowledgedBy: string | null;
  acknowledgedAt: Date | null;
  resolvedAt: Date | null;
  remediation: RemediationState;
  createdAt: Date;
  updatedAt: Date;
}

/** What it takes to decide about an alert. */
export type AlertFacts = Pick<
  Alert,
  'id' | 'status' | 'alertName' | 'severity' | 'source' | 'labels' | 'startsAt' | 'occurrences'
>;

export const isOpen = (alert: { status: AlertStatus }): boolean => alert.status !== 'resolved';
