import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../errors/errors.js';
import { away, fieldOf, refused, type SecretBackend } from './secret-backend.js';
import type { VaultAnswer, VaultHttp } from './vault-http.js';

/** How the engine proves to Vault who it is. */
export type VaultLogin =
  | { method: 'token'; token: string }
  /** A token in a file, as a Vault Agent keeps it fresh. */
  | { method: 'token_file'; file: string }
  /** The service account's token in a file, exchanged at `auth/<mount>/login`. */
  | { method: 'kubernetes'; role: string; mount: string; file: string };

const loginSchema = z.object({
  auth: z.object({ client_token: z.string().min(1), lease_duration: z.number().min(0) }),
});
/** https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version */
const secretSchema = z.object({
  data: z.object({
    data: z.record(z.string(), z.unknown()).nullable(),
    metadata: z
      .object({ deletion_time: z.string().optional(), destroyed: z.boolean().optional() })
      .optional(),
  }),
});

/** A token is taken for spent when this part of its lease is over. */
const LEASE_PART = 0.8;

interface Token {
  text: string;
  spentAt: number;
}

/** Secrets in HashiCorp Vault or OpenBao, in a KV version 2 engine. `now` is in milliseconds. */
export class VaultBackend implements SecretBackend<'vault'> {
  readonly scheme = 'vault';
  private token: Promise<Token> | undefined;

  constructor(
    private readonly http: VaultHttp,
    private readonly login: VaultLogin,
    private readonly now: () => number,
  ) {}

  async fetch({ path, key }: { path: string; key: string }): Promise<string> {
    const where = `The Vault secret ${path}`;
    let answer = await this.read(path);
    if (answer.status === 403 && this.login.method !== 'token') {
      // The token may have been revoked, or renewed in its file. A policy that forbids says so again.
      this.token = undefined;
      answer = await this.read(path);
    }
    if (answer.status === 403) throw refused(`${where} may not be read: ${answer.error}.`);
    if (answer.status === 404) throw refused(missing(where, path, answer));
    if (answer.status !== 200) throw unexpected(`${where} cannot be read`, answer);
    const secret = secretSchema.safeParse(answer.body);
    if (!secret.success || secret.data.data.data === null) {
      throw refused(`${where} is no secret of a KV version 2 engine.`);
    }
    return fieldOf(where, secret.data.data.data, key);
  }

  private async read(path: string): Promise<VaultAnswer> {
    return this.http.call('GET', path, { token: await this.currentToken() });
  }

  /** Logs in once for all that wait. */
  private async currentToken(): Promise<string> {
    const before = this.token;
    const present = await before?.catch(() => undefined);
    if (present !== undefined && this.now() < present.spentAt) return present.text;
    const newer = this.token === before ? undefined : this.token;
    this.token = newer ?? this.newToken();
    return (await this.token).text;
  }

  private async newToken(): Promise<Token> {
    const { login } = this;
    if (login.method === 'token') return { text: login.token, spentAt: Infinity };
    if (login.method === 'token_file') return { text: await textOf(login.file), spentAt: Infinity };
    // Kubernetes replaces the token in the file: it is read for every login.
    const jwt = await textOf(login.file);
    const body = { role: login.role, jwt };
    const answer = await this.http.call('POST', `auth/${login.mount}/login`, { body });
    if (answer.status === 400 || answer.status === 403 || answer.status === 404) {
      throw refused(`Vault refused the Kubernetes login as "${login.role}": ${answer.error}.`);
    }
    const parsed = loginSchema.safeParse(answer.body);
    if (answer.status !== 200 || !parsed.success) throw unexpected('The Kubernetes login failed', answer);
    const { client_token: text, lease_duration: seconds } = parsed.data.auth;
    // A lease of zero never ends.
    return { text, spentAt: seconds === 0 ? Infinity : this.now() + seconds * 1000 * LEASE_PART };
  }
}

function missing(where: string, path: string, answer: VaultAnswer): string {
  const deleted = secretSchema.safeParse(answer.body);
  const { destroyed, deletion_time: at } = (deleted.success && deleted.data.data.metadata) || {};
  if (destroyed === true) return `${where} was destroyed.`;
  if (at !== undefined && at !== '') return `${where} was deleted on ${at}.`;
  const hint = answer.error === '' ? '' : `: ${answer.error}`;
  return `${where} does not exist${hint}. Its path is <mount>/data/<path> as in "${path}".`;
}

function unexpected(what: string, answer: VaultAnswer): Error {
  const text = `${what}: Vault answered ${answer.status}${answer.error === '' ? '' : ` (${answer.error})`}.`;
  // 412: this node has not caught up yet. 429, 5xx: busy, sealed or standing by.
  return answer.status === 412 || answer.status === 429 || answer.status >= 500 ? away(text) : refused(text);
}

async function textOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refused(`The token for Vault cannot be read: ${messageOf(error)}.`);
  });
  if (text.trim() === '') throw refused(`The file ${file} with the token for Vault is empty.`);
  return text.trim();
}
