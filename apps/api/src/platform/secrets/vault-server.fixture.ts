import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * A server that speaks Vault's wire protocol, as documented at https://developer.hashicorp.com/vault/api-docs, for a KV
 * version 2 engine at `secret/` and the auth methods `token` and `kubernetes`.
 */
export class VaultServer {
  readonly rootToken = `hvs.${randomBytes(18).toString('base64url')}`;
  /** Whether every call is answered as a sealed Vault does. */
  sealed = false;
  /** Paths that the policy of every token but the root's forbids. */
  readonly forbidden = new Set<string>();
  /** Service account tokens that the cluster vouches for, by role. */
  readonly serviceAccounts = new Map<string, string>();
  leaseSeconds = 3600;
  namespace = '';
  reads = 0;
  logins = 0;
  private readonly secrets = new Map<string, { data: unknown; deletedAt: string; destroyed: boolean }>();
  private readonly tokens = new Set([this.rootToken]);

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {}

  static async start(tls?: { key: string; cert: string }): Promise<VaultServer> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    const vault = new VaultServer(server, tls === undefined ? 'http' : 'https');
    server.on('request', (request: IncomingMessage, response) => {
      void vault.handle(request).then(({ status, body, headers }) => {
        response.writeHead(status, {
          'Content-Type': 'application/json',
          'Cache-Control': 'no-store',
          ...headers,
        });
        response.end(`${JSON.stringify(body)}\n`);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return vault;
  }

  get address(): string {
    return `${this.scheme}://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** `vault kv put -mount=secret <path> …` */
  put(path: string, data: Record<string, unknown>): void {
    this.secrets.set(path, { data, deletedAt: '', destroyed: false });
  }
  /** `vault kv delete` or, for ever, `vault kv destroy`. */
  remove(path: string, destroyed = false): void {
    const deletedAt = destroyed ? '' : '2026-11-20T08:15:30.123456789Z';
    this.secrets.set(path, { data: null, deletedAt, destroyed });
  }
  revokeTokens(): void {
    this.tokens.clear();
  }
  issueToken(): string {
    const token = `hvs.${randomBytes(18).toString('base64url')}`;
    this.tokens.add(token);
    return token;
  }
  stop(): Promise<void> {
    return new Promise((closed) => {
      this.server.close(() => closed());
      this.server.closeAllConnections();
    });
  }

  private async handle(request: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = decodeURIComponent((request.url ?? '').replace(/^\/v1\//, ''));
    if (this.sealed) return failed(503, 'Vault is sealed');
    if (request.headers['x-vault-request'] !== 'true') return failed(400, 'missing X-Vault-Request');
    if ((request.headers['x-vault-namespace'] ?? '') !== this.namespace)
      return failed(403, 'permission denied');
    const login = /^auth\/(.+)\/login$/.exec(path);
    if (login !== null && request.method === 'POST') {
      return this.login(login[1] ?? '', JSON.parse(Buffer.concat(chunks).toString('utf8')) as LoginBody);
    }
    return this.read(path, String(request.headers['x-vault-token'] ?? ''));
  }

  private login(mount: string, { role, jwt }: LoginBody): Answer {
    this.logins += 1;
    if (mount !== 'kubernetes')
      return failed(404, `no handler for route "auth/${mount}/login". route entry not found.`);
    const known = this.serviceAccounts.get(role);
    if (known === undefined) return failed(400, `invalid role name "${role}"`);
    if (known !== jwt) return failed(403, 'permission denied');
    const auth = {
      client_token: this.issueToken(),
      accessor: randomBytes(12).toString('base64url'),
      policies: ['aiops', 'default'],
      token_policies: ['aiops', 'default'],
      metadata: { role, service_account_name: 'aiops', service_account_namespace: 'ops' },
      lease_duration: this.leaseSeconds,
      renewable: true,
      entity_id: randomUUID(),
      token_type: 'service',
      orphan: true,
    };
    return { status: 200, body: { ...envelope(null), auth } };
  }

  private read(path: string, token: string): Answer {
    this.reads += 1;
    if (!this.tokens.has(token)) {
      return failed(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n');
    }
    const below = /^secret\/data\/(.+)$/.exec(path)?.[1];
    if (below === undefined) return failed(403, '1 error occurred:\n\t* permission denied\n\n');
    if (token !== this.rootToken && this.forbidden.has(below)) {
      return failed(403, '1 error occurred:\n\t* permission denied\n\n');
    }
    const secret = this.secrets.get(below);
    if (secret === undefined) return { status: 404, body: { errors: [] } };
    const metadata = {
      created_time: '2026-11-01T09:00:00.000000001Z',
      custom_metadata: null,
      deletion_time: secret.deletedAt,
      destroyed: secret.destroyed,
      version: 1,
    };
    const body = envelope({ data: secret.data, metadata });
    return { status: secret.data === null ? 404 : 200, body };
  }
}

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}
interface LoginBody {
  role: string;
  jwt: string;
}

const failed = (status: number, error: string): Answer => ({ status, body: { errors: [error] } });

const envelope = (data: unknown) => ({
  request_id: randomUUID(),
  lease_id: '',
  renewable: false,
  lease_duration: 0,
  data,
  wrap_info: null,
  warnings: null,
  auth: null,
  mount_type: 'kv',
});
