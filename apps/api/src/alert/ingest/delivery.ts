import type { AlertStatus, Labels, Severity } from '@aiops/contracts';

/** What a delivery says about an alert without making it another one. */
export interface DeliveryContent {
  alertName: string;
  severity: Severity;
  labels: Labels;
  annotations: Labels;
  generatorUrl: string | null;
  /** Fields of the sender that we do not know. */
  extras: Record<string, unknown>;
  /** Alerts that the sender left out of the same message. */
  truncatedAlerts: number;
}

/** One alert as one message brought it, whatever the sender's format. */
export interface Delivery extends DeliveryContent {
  /** Who sent it. An alert keeps the source that reported it first. */
  source: string;
  fingerprint: string;
  status: 'firing' | 'resolved';
  startsAt: Date;
  /** Whether the sender named the start; otherwise it is the time of arrival. */
  startsAtStated: boolean;
  /** The end that the sender named: in the past when resolved, or a promise to resolve by then. */
  endsAt: Date | null;
  /** Without an end: resolves so long after this delivery; null when only the sender or a person ends it. */
  resolveAfterMs: number | null;
}

/** What merging needs to know of a stored episode, and what it changes. */
export interface Episode {
  status: AlertStatus;
  severity: Severity;
  truncatedAlerts: number;
  contentHash: string;
  startsAt: Date;
  endsAt: Date | null;
  lastReceivedAt: Date;
  occurrences: number;
  expiresAt: Date | null;
  expiryIsTimeout: boolean;
  checkAt: Date | null;
  acknowledgedBy: string | null;
  acknowledgedAt: Date | null;
  resolvedAt: Date | null;
}
