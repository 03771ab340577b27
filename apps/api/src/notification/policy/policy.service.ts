import { Injectable } from '@nestjs/common';
import type { ListQuery, PolicyInput } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Clock,
  newId,
  UserError,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { ChannelRepository } from '../channel/channel.repository.js';
import { PolicyRepository, type Policy } from './policy.repository.js';

/** Who hears of what. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly repository: PolicyRepository,
    private readonly channels: ChannelRepository,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Policy>>> {
    return this.repository.list(query);
  }

  /** Of one policy what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<Policy>> {
    const found = await this.repository.read(id, reads);
    if (found === null) throw UserError.notFound('policy', id);
    return found;
  }

  async get(id: string): Promise<Policy> {
    const policy = await this.repository.find(id);
    if (policy === null) throw UserError.notFound('policy', id);
    return policy;
  }

  create(input: PolicyInput): Promise<Policy> {
    const now = this.clock.now();
    return this.store({ id: newId(), createdAt: now, updatedAt: now, ...fromInput(input) }, null);
  }

  async replace(id: string, input: PolicyInput): Promise<Policy> {
    const present = await this.get(id);
    return this.store({ ...present, ...fromInput(input), updatedAt: this.clock.now() }, present);
  }

  @Transactional()
  async remove(id: string): Promise<void> {
    const policy = await this.get(id);
    await this.repository.remove(id);
    await this.audit.record({ action: 'notification_policy.removed', ...auditedPolicy.removed(policy) });
  }

  @Transactional()
  private async store(policy: Policy, before: Policy | null): Promise<Policy> {
    const known = new Set((await this.channels.findMany(policy.channelIds)).map((channel) => channel.id));
    const missing = policy.channelIds.findIndex((id) => !known.has(id));
    if (missing >= 0) throw UserError.invalid(`channel_ids.${missing}`, 'There is no such channel');
    const same = await this.repository.findByName(policy.name);
    if (same !== null && same.id !== policy.id) {
      throw new UserError('conflict', `There is already a policy called "${policy.name}".`);
    }
    await this.repository.save(policy);
    await this.audit.record({
      action: before === null ? 'notification_policy.created' : 'notification_policy.updated',
      ...auditedPolicy.stored(before, policy),
    });
    return policy;
  }
}

const auditedPolicy = audited<Policy>()({
  kind: 'notification_policy',
  name: (policy) => policy.name,
  fields: ['name', 'enabled', 'severities', 'events', 'channelIds'],
});

function fromInput(input: PolicyInput) {
  return {
    name: input.name,
    enabled: input.enabled,
    severities: input.severities,
    events: input.events,
    channelIds: [...new Set(input.channel_ids)],
  };
}
