import type { Settings } from '../config/config.schema.js';
import { ownSecrets } from '../config/setting.js';
import { retrying, retryPolicy } from '../resilience/retrying.js';
import { AwsBackend } from './aws.backend.js';
import { EnvBackend } from './env.backend.js';
import { refused } from './secret-backend.js';
import type { SecretReference } from './secret-reference.js';
import { VaultBackend, type VaultLogin } from './vault.backend.js';
import { VaultHttp } from './vault-http.js';

/** Fetches what references mean from the backend that is configured, without remembering anything. */
export class SecretSource {
  private readonly env: EnvBackend;
  private readonly vault: VaultBackend | undefined;
  private readonly aws: AwsBackend | undefined;
  private readonly http: VaultHttp | undefined;

  constructor(
    private readonly settings: Settings,
    env: Record<string, string | undefined>,
    now: () => number,
  ) {
    this.env = new EnvBackend(env, ownSecrets);
    const { SECRETS_BACKEND: backend, SECRETS_TIMEOUT_MS: timeoutMs } = settings;
    if (backend === 'vault') {
      const { VAULT_ADDR: address = '', VAULT_NAMESPACE: namespace, VAULT_CACERT: caFile } = settings;
      this.http = new VaultHttp({ address, namespace, caFile, timeoutMs });
      this.vault = new VaultBackend(this.http, vaultLogin(settings), now);
    }
    if (backend === 'aws') {
      const { AWS_REGION: region = '', AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint } = settings;
      this.aws = new AwsBackend({ region, endpoint, timeoutMs });
    }
  }

  /**
   * The value, read anew; a backend that is away is asked some times more.
   * @throws UserError when the secret is not to be had, OperationalError when its backend is away.
   */
  fetch(reference: SecretReference): Promise<string> {
    const policy = { ...retryPolicy(this.settings), safe: true } as const;
    return retrying(policy, () => this.fetchOnce(reference));
  }

  async close(): Promise<void> {
    await this.http?.close();
    await this.aws?.close();
  }

  private async fetchOnce(reference: SecretReference): Promise<string> {
    if (reference.scheme === 'env') return this.env.fetch(reference);
    if (reference.scheme === 'vault' && this.vault !== undefined) return this.vault.fetch(reference);
    if (reference.scheme === 'aws' && this.aws !== undefined) return this.aws.fetch(reference);
    throw refused(
      `SECRETS_BACKEND is ${this.settings.SECRETS_BACKEND}: ${reference.scheme}: references need ${reference.scheme}.`,
    );
  }
}

function vaultLogin(settings: Settings): VaultLogin {
  if (settings.VAULT_AUTH === 'kubernetes') {
    return {
      method: 'kubernetes',
      role: settings.VAULT_KUBERNETES_ROLE ?? '',
      mount: settings.VAULT_KUBERNETES_MOUNT,
      file: settings.VAULT_KUBERNETES_TOKEN_FILE,
    };
  }
  if (settings.VAULT_TOKEN_FILE !== undefined)
    return { method: 'token_file', file: settings.VAULT_TOKEN_FILE };
  return { method: 'token', token: settings.VAULT_TOKEN ?? '' };
}
