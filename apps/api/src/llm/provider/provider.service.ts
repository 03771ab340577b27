import { Injectable } from '@nestjs/common';
import type { ListQuery, LlmProviderInput } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Breakers,
  Clock,
  maskSecret,
  newId,
  SecretBox,
  UserError,
  type Page,
  type Reads,
  type SealedStore,
  type Sparse,
} from '../../platform/index.js';
import { breakerName } from './breaker-name.js';
import { LlmProviderRepository, type LlmProvider } from './provider.repository.js';

const needsKey = new Set<LlmProviderInput['kind']>(['anthropic', 'openai', 'google']);
const needsUrl = new Set<LlmProviderInput['kind']>(['openai_compatible']);

@Injectable()
export class LlmProviderService {
  constructor(
    private readonly repository: LlmProviderRepository,
    private readonly secrets: SecretBox,
    private readonly breakers: Breakers,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<LlmProvider>>> {
    return this.repository.list(query);
  }

  enabled(): Promise<LlmProvider[]> {
    return this.repository.enabled();
  }

  /** Of one provider what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<LlmProvider>> {
    const provider = await this.repository.read(id, reads);
    if (provider === null) throw UserError.notFound('provider', id);
    return provider;
  }

  async get(id: string): Promise<LlmProvider> {
    const provider = await this.repository.find(id);
    if (provider === null) throw UserError.notFound('provider', id);
    return provider;
  }

  async create(input: LlmProviderInput): Promise<LlmProvider> {
    const now = this.clock.now();
    const blank = { apiKeyKeyId: null, apiKeySealed: null, apiKeyHint: null };
    const provider = { id: newId(), createdAt: now, updatedAt: now, ...blank, ...fromInput(input) };
    return this.store(provider, input, null);
  }

  /** Replaces a provider; without `api_key` the stored one stays. */
  async replace(id: string, input: LlmProviderInput): Promise<LlmProvider> {
    const present = await this.get(id);
    this.breakers.reset(breakerName(present));
    return this.store({ ...present, ...fromInput(input), updatedAt: this.clock.now() }, input, present);
  }

  @Transactional()
  async remove(id: string): Promise<void> {
    const provider = await this.get(id);
    await this.repository.remove(id);
    await this.audit.record({ action: 'llm_provider.removed', ...auditedProvider.removed(provider) });
    this.breakers.reset(breakerName(provider));
  }

  /** The API key in the clear, for a call. */
  apiKey(provider: LlmProvider): string | undefined {
    if (provider.apiKeyKeyId === null || provider.apiKeySealed === null) return undefined;
    return this.secrets.open(
      { keyId: provider.apiKeyKeyId, sealed: provider.apiKeySealed },
      secretContext(provider.id),
    );
  }

  /** The API key in the clear, for a person; nobody sees it without an entry in the audit log. */
  @Transactional()
  async reveal(id: string, reason: string): Promise<Record<string, string>> {
    const provider = await this.get(id);
    const apiKey = this.apiKey(provider);
    if (apiKey === undefined) throw new UserError('conflict', 'This provider has no API key.');
    await this.audit.record({ action: 'llm_provider.revealed', ...auditedProvider.of(provider), reason });
    return { api_key: apiKey };
  }

  @Transactional()
  private async store(
    provider: LlmProvider,
    input: LlmProviderInput,
    before: LlmProvider | null,
  ): Promise<LlmProvider> {
    const same = await this.repository.findByName(provider.name);
    if (same !== null && same.id !== provider.id) {
      throw new UserError('conflict', `There is already a provider called "${provider.name}".`);
    }
    const withKey = input.api_key === undefined ? provider : this.withApiKey(provider, input.api_key);
    if (needsKey.has(withKey.kind) && withKey.apiKeySealed === null) {
      throw UserError.invalid('api_key', `A provider of the kind ${withKey.kind} needs an API key`);
    }
    if (needsUrl.has(withKey.kind) && withKey.baseUrl === null) {
      throw UserError.invalid('base_url', 'Give the address of the server, e.g. http://127.0.0.1:8000/v1');
    }
    await this.repository.save(withKey);
    await this.audit.record({
      action: before === null ? 'llm_provider.created' : 'llm_provider.updated',
      ...auditedProvider.stored(before, withKey),
    });
    return withKey;
  }

  private withApiKey(provider: LlmProvider, apiKey: string): LlmProvider {
    const { keyId, sealed } = this.secrets.seal(apiKey, secretContext(provider.id));
    return { ...provider, apiKeyKeyId: keyId, apiKeySealed: sealed, apiKeyHint: maskSecret(apiKey) };
  }
}

export const auditedProvider = audited<LlmProvider>()({
  kind: 'llm_provider',
  name: (provider) => provider.name,
  fields: ['name', 'kind', 'model', 'baseUrl', 'priority', 'enabled', 'timeoutMs'],
  secret: ['apiKeySealed'],
});

const secretContext = (id: string): string => `llm-provider:${id}`;

export const providerKeysAtRest: SealedStore = {
  table: 'llm_providers',
  id: 'id',
  keyId: 'api_key_key_id',
  sealed: 'api_key_sealed',
  context: secretContext,
};

function fromInput(input: LlmProviderInput) {
  return {
    name: input.name,
    kind: input.kind,
    model: input.model,
    baseUrl: input.base_url,
    priority: input.priority,
    enabled: input.enabled,
    timeoutMs: input.timeout_ms,
  };
}
