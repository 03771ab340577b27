import { z } from 'zod';
import { domainEvents, type DomainEventName } from '@aiops/contracts';

/** NOTIFY channel that carries events to every process that serves screens. */
export const LIVE_CHANNEL = 'aiops_live';

/** Alert changes per message: PostgreSQL limits a NOTIFY payload to 8000 bytes. */
const CHANGES_PER_MESSAGE = 80;

const messageSchema = z.object({ name: z.string(), payload: z.record(z.string(), z.unknown()) });

/** The event as one or more NOTIFY payloads, each under PostgreSQL's limit. */
export function splitForNotify(name: DomainEventName, payload: object): string[] {
  if (!('changes' in payload) || !Array.isArray(payload.changes)) return [JSON.stringify({ name, payload })];
  const messages: string[] = [];
  for (let start = 0; start < payload.changes.length; start += CHANGES_PER_MESSAGE) {
    const changes: unknown[] = payload.changes.slice(start, start + CHANGES_PER_MESSAGE);
    messages.push(JSON.stringify({ name, payload: { ...payload, changes } }));
  }
  return messages;
}

/** The event in a NOTIFY payload, or null when it is none that this version knows. */
export function parseNotify(text: string): { name: DomainEventName; payload: object } | null {
  try {
    const { name, payload } = messageSchema.parse(JSON.parse(text));
    if (!(name in domainEvents)) return null;
    return { name: name as DomainEventName, payload };
  } catch {
    return null;
  }
}
