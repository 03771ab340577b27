import { z } from 'zod';
import { domainEvents, type DomainEventName } from '@aiops/contracts';
import { arrayLiteral } from '../database/array-literal.js';
import type { DatabaseSession } from '../database/database-session.js';

/** NOTIFY channel that carries events to every process that serves screens. */
export const LIVE_CHANNEL = 'aiops_live';

/** PostgreSQL takes payloads shorter than 8000 bytes, https://www.postgresql.org/docs/current/sql-notify.html */
const PAYLOAD_LIMIT = 7_900;
/** Alert changes per message: each is about 90 bytes. */
const CHANGES_PER_MESSAGE = 80;
/** Characters kept of a long text; a listener that needs the whole reads it from where it is stored. */
const SHORTENED = 400;

const NOTIFY = 'SELECT pg_notify($1, message) FROM unnest($2::text[]) AS message';

/** Tells every process of an event, when the transaction under way commits. */
export async function announce(
  { manager }: DatabaseSession,
  name: DomainEventName,
  payload: object,
): Promise<void> {
  await manager.query(NOTIFY, [LIVE_CHANNEL, arrayLiteral(splitForNotify(name, payload))]);
}

const messageSchema = z.object({ name: z.string(), payload: z.record(z.string(), z.unknown()) });

/** The event as one or more NOTIFY payloads, each under PostgreSQL's limit. */
export function splitForNotify(name: DomainEventName, payload: object): string[] {
  if (!('changes' in payload) || !Array.isArray(payload.changes)) return [fitting(name, payload)];
  const messages: string[] = [];
  for (let start = 0; start < payload.changes.length; start += CHANGES_PER_MESSAGE) {
    const changes: unknown[] = payload.changes.slice(start, start + CHANGES_PER_MESSAGE);
    messages.push(JSON.stringify({ name, payload: { ...payload, changes } }));
  }
  return messages;
}

/** A payload over the limit would fail the transaction that reports it, so long texts are shortened. */
function fitting(name: DomainEventName, payload: object): string {
  const whole = JSON.stringify({ name, payload });
  if (Buffer.byteLength(whole) < PAYLOAD_LIMIT) return whole;
  const shorten = (_key: string, value: unknown): unknown =>
    typeof value === 'string' && value.length > SHORTENED ? `${value.slice(0, SHORTENED)}…` : value;
  return JSON.stringify({ name, payload }, shorten);
}

/** The event in a NOTIFY payload, or null when it is none that this version knows. */
export function parseNotify(text: string): { name: DomainEventName; payload: object } | null {
  try {
    const { name, payload } = messageSchema.parse(JSON.parse(text));
    if (!Object.hasOwn(domainEvents, name)) return null;
    return { name: name as DomainEventName, payload };
  } catch {
    return null;
  }
}
