import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { messageOf } from '../errors/errors.js';
import { away, refused } from './secret-backend.js';

/** What Vault answered; `error` is its own words, empty when it has none. */
export interface VaultAnswer {
  status: number;
  body: unknown;
  error: string;
}

export interface VaultAddress {
  /** E.g. `https://vault.example.com:8200`. */
  address: string;
  namespace: string | undefined;
  /** PEM file of the authorities that signed Vault's certificate. */
  caFile: string | undefined;
  timeoutMs: number;
}

const errorsSchema = z.object({
  errors: z.array(z.string()).optional(),
  warnings: z.array(z.string()).nullish(),
});
/** No secret is larger: Vault's own limit of a KV entry. */
const LARGEST_ANSWER = 1024 * 1024;

/** The HTTP API of Vault: https://developer.hashicorp.com/vault/api-docs */
export class VaultHttp {
  private readonly agent: Agent;

  constructor(private readonly place: VaultAddress) {
    const ca = place.caFile === undefined ? undefined : readFileSync(place.caFile, 'utf8');
    this.agent = new Agent({
      connect: { timeout: place.timeoutMs, ...(ca === undefined ? {} : { ca }) },
      maxResponseSize: LARGEST_ANSWER,
    });
  }

  /** @throws OperationalError when Vault cannot be reached; every answer is handed on. */
  async call(
    method: 'GET' | 'POST',
    path: string,
    { token, body }: { token?: string; body?: unknown },
  ): Promise<VaultAnswer> {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const headers = {
      'X-Vault-Request': 'true',
      ...(token === undefined ? {} : { 'X-Vault-Token': token }),
      ...(this.place.namespace === undefined ? {} : { 'X-Vault-Namespace': this.place.namespace }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    };
    const answer = await request(`${this.place.address.replace(/\/+$/, '')}/v1/${encoded}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      dispatcher: this.agent,
      signal: AbortSignal.timeout(this.place.timeoutMs),
    })
      .then(async (response) => ({ response, text: await response.body.text() }))
      .catch((error: unknown) => {
        throw away(`Vault at ${this.place.address} cannot be reached: ${messageOf(error)}.`, error);
      });
    const { statusCode: status, headers: received } = answer.response;
    // Following it would hand the token to whatever the answer names.
    if (status >= 300 && status < 400) {
      throw refused(
        `Vault at ${this.place.address} redirects to ${String(received['location'])}. Set VAULT_ADDR to that.`,
      );
    }
    return { status, ...readAnswer(answer.text) };
  }

  close(): Promise<void> {
    return this.agent.close();
  }
}

function readAnswer(text: string): { body: unknown; error: string } {
  const body = parseJson(text);
  const said = errorsSchema.safeParse(body);
  if (!said.success) return { body, error: '' };
  const lines = [...(said.data.errors ?? []), ...(said.data.warnings ?? [])];
  return { body, error: lines.map((line) => line.trim().replaceAll(/\s+/g, ' ')).join('; ') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
