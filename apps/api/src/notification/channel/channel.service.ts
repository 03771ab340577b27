import { Injectable } from '@nestjs/common';
import { channelConfigSchema, type ChannelConfig, type ChannelInput, type ListQuery } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Breakers,
  Clock,
  newId,
  SecretBox,
  UserError,
  type Page,
  type Reads,
  type SealedStore,
  type Sparse,
} from '../../platform/index.js';
import { PolicyRepository } from '../policy/policy.repository.js';
import { joinConfig, keepSecrets, splitConfig } from './channel-secrets.js';
import { ChannelRepository, type Channel } from './channel.repository.js';

export const channelBreaker = (channel: { name: string }): string => `channel:${channel.name}`;
const secretContext = (id: string): string => `notification-channel:${id}`;

export const channelSecretsAtRest: SealedStore = {
  table: 'notification_channels',
  id: 'id',
  keyId: 'secrets_key_id',
  sealed: 'secrets_sealed',
  context: secretContext,
};

/** What the secrets of a channel are opened with. */
export type SealedChannel = Pick<Channel, 'id' | 'secretsKeyId' | 'secretsSealed'>;

/** Where messages go. */
@Injectable()
export class ChannelService {
  constructor(
    private readonly repository: ChannelRepository,
    private readonly policies: PolicyRepository,
    private readonly secrets: SecretBox,
    private readonly breakers: Breakers,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Channel>>> {
    return this.repository.list(query);
  }

  /** Of one channel what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<Channel>> {
    const channel = await this.repository.read(id, reads);
    if (channel === null) throw UserError.notFound('channel', id);
    return channel;
  }

  async get(id: string): Promise<Channel> {
    const channel = await this.repository.find(id);
    if (channel === null) throw UserError.notFound('channel', id);
    return channel;
  }

  async create(input: ChannelInput): Promise<Channel> {
    const now = this.clock.now();
    const channel = { id: newId(), createdAt: now, updatedAt: now, lastDeliveryAt: null, lastError: null };
    return this.store({ ...channel, ...this.seal(channel.id, input.config), ...basics(input) }, null);
  }

  /** Replaces a channel; a secret given as `***` or left out stays as it is. */
  async replace(
    id: string,
    input: { name: string; enabled: boolean; config: Record<string, unknown> },
  ): Promise<Channel> {
    const present = await this.get(id);
    const sameKind = input.config['kind'] === present.kind;
    const merged = sameKind ? keepSecrets(input.config, this.openSecrets(present)) : input.config;
    const parsed = channelConfigSchema.safeParse(merged);
    if (!parsed.success) {
      const errors = parsed.error.issues.map((issue) => ({
        field: ['config', ...issue.path.map(String)].join('.'),
        message: issue.message,
      }));
      throw new UserError('validation', 'Some fields are not valid.', errors);
    }
    this.breakers.reset(channelBreaker(present));
    const changed = { name: input.name, enabled: input.enabled, kind: parsed.data.kind };
    const sealed = this.seal(id, parsed.data);
    const updatedAt = this.clock.now();
    return this.store({ ...present, ...changed, ...sealed, lastError: null, updatedAt }, present);
  }

  @Transactional()
  async remove(id: string): Promise<void> {
    const channel = await this.get(id);
    const users = await this.policies.using(id);
    if (users.length > 0) {
      const names = users.map((policy) => `"${policy.name}"`).join(', ');
      throw new UserError('conflict', `The channel is used by the policy ${names}. Take it out there first.`);
    }
    await this.repository.remove(id);
    await this.audit.record({
      action: 'notification_channel.removed',
      ...auditedChannel.removed(channel),
    });
    this.breakers.reset(channelBreaker(channel));
  }

  /** The configuration with its secrets, for sending. */
  config(channel: Channel): ChannelConfig {
    return joinConfig({ open: channel.config, secrets: this.openSecrets(channel) });
  }

  /** Names of the secrets that are stored, for masking. */
  secretNames(channel: SealedChannel): string[] {
    return Object.keys(this.openSecrets(channel));
  }

  /** The secrets in the clear, for a person; nobody sees them without an entry in the audit log. */
  @Transactional()
  async reveal(id: string, reason: string): Promise<Record<string, string>> {
    const channel = await this.get(id);
    await this.audit.record({
      action: 'notification_channel.revealed',
      ...auditedChannel.of(channel),
      reason,
    });
    return this.openSecrets(channel);
  }

  private openSecrets(channel: SealedChannel): Record<string, string> {
    if (channel.secretsKeyId === null || channel.secretsSealed === null) return {};
    const sealed = { keyId: channel.secretsKeyId, sealed: channel.secretsSealed };
    return JSON.parse(this.secrets.open(sealed, secretContext(channel.id))) as Record<string, string>;
  }

  private seal(id: string, config: ChannelConfig) {
    const { open, secrets } = splitConfig(config);
    if (Object.keys(secrets).length === 0) return { config: open, secretsKeyId: null, secretsSealed: null };
    const { keyId, sealed } = this.secrets.seal(JSON.stringify(secrets), secretContext(id));
    return { config: open, secretsKeyId: keyId, secretsSealed: sealed };
  }

  @Transactional()
  private async store(channel: Channel, before: Channel | null): Promise<Channel> {
    const same = await this.repository.findByName(channel.name);
    if (same !== null && same.id !== channel.id) {
      throw new UserError('conflict', `There is already a channel called "${channel.name}".`);
    }
    await this.repository.save(channel);
    await this.audit.record({
      action: before === null ? 'notification_channel.created' : 'notification_channel.updated',
      ...auditedChannel.stored(before, channel),
    });
    return channel;
  }
}

/** The configuration is without its secrets; those are sealed anew with every change, whether they differ or not. */
export const auditedChannel = audited<Channel>()({
  kind: 'notification_channel',
  name: (channel) => channel.name,
  fields: ['name', 'kind', 'enabled', 'config'],
  secret: ['secretsSealed'],
});

const basics = (input: ChannelInput) => ({
  name: input.name,
  enabled: input.enabled,
  kind: input.config.kind,
});
