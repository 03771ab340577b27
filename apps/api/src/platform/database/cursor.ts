import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Where a page ended: the sort value of its last row as PostgreSQL writes it (null is a value too), and its id. */
export interface Position {
  value: string | null;
  id: string;
}

const MAC_BYTES = 16;
const schema = z.tuple([z.string().nullable(), z.string()]);

/**
 * Keys that cursors are signed with, newest first, made from secrets that are there anyway. A key made for one purpose
 * cannot be turned back into the secret or serve another purpose (HKDF, RFC 5869).
 */
export function cursorKeys(secrets: readonly (string | Buffer)[]): Buffer[] {
  return secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'aiops list cursor v1', 32)));
}

/**
 * A cursor for clients to hand back as it is: `HMAC ‖ position` in base64url. `scope` says which list, filter and sort
 * it was made for; it is signed and not contained.
 */
export function sealCursor(position: Position, scope: string, keys: readonly Buffer[]): string {
  const [newest] = keys;
  if (newest === undefined) throw new Error('There is no key to sign cursors with');
  const body = Buffer.from(JSON.stringify([position.value, position.id]), 'utf8');
  return Buffer.concat([mac(newest, scope, body), body]).toString('base64url');
}

/** @returns null for anything that was not made here, for this scope, under one of the keys */
export function openCursor(text: string, scope: string, keys: readonly Buffer[]): Position | null {
  const bytes = Buffer.from(text, 'base64url');
  // Base64 has many spellings of the same bytes; only the one that was handed out is taken.
  if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== text) return null;
  const body = bytes.subarray(MAC_BYTES);
  const signature = bytes.subarray(0, MAC_BYTES);
  if (!keys.some((key) => timingSafeEqual(mac(key, scope, body), signature))) return null;
  const [value, id] = schema.parse(JSON.parse(body.toString('utf8')));
  return { value, id };
}

function mac(key: Buffer, scope: string, body: Buffer): Buffer {
  const scoped = createHmac('sha256', key)
    .update(`${Buffer.byteLength(scope)}:${scope}`)
    .update(body);
  return scoped.digest().subarray(0, MAC_BYTES);
}
