import type { FieldError } from '../../platform/index.js';
import type { IngestMapping } from '../mapping/mapping.js';
import type { Delivery } from './delivery.js';

/** What an adapter may know besides the message. */
export interface AdapterContext {
  now: Date;
  /** Alertmanager's `resolve_timeout`, in milliseconds. */
  resolveTimeoutMs: number;
  /** The last part of the path of adapters with a `:source` in theirs; otherwise the adapter's own name. */
  source: string;
  /** How the fields of that source are found; for adapters that ask for one. */
  mapping: IngestMapping;
}

/** An alert that cannot be taken, and every reason. */
export interface Rejection {
  /** Position in the message, from 0. */
  index: number;
  errors: FieldError[];
}

/** A message, read. */
export interface Reading {
  deliveries: Delivery[];
  rejected: Rejection[];
  /** What somebody who runs the engine should know, for the log. */
  warnings: string[];
}

/**
 * One source of alerts: the format it speaks and what it wants to hear. A new source is one such file in `adapters/`
 * with its fixtures, and a line in the registry.
 */
export interface IngestAdapter {
  readonly name: string;
  /** Below `/api/v1/ingest/`; may end in `:source`. */
  readonly path: string;
  /** What the sender expects when all is stored. */
  readonly accepted: { status: 200 | 202; body: 'count' | 'empty' };
  /** For the API's document: what is posted here, and a message that is taken. */
  readonly about: { summary: string; example: object };
  readonly usesMapping: boolean;
  /**
   * Reads a message, good alerts and bad ones apart.
   * @throws UserError `validation` when the message as a whole cannot be read.
   */
  read(body: unknown, context: AdapterContext): Reading;
}
