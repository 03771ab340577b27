import { Injectable } from '@nestjs/common';
import type { ListQuery, PolicyInput } from '@aiops/contracts';
import { Clock, newId, UserError, type Page, type Reads, type Sparse } from '../../platform/index.js';
import { ChannelRepository } from '../channel/channel.repository.js';
import { PolicyRepository, type Policy } from './policy.repository.js';

/** Who hears of what. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly repository: PolicyRepository,
    private readonly channels: ChannelRepository,
    private readonly clock: Clock,
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
    return this.store({ id: newId(), createdAt: now, updatedAt: now, ...fromInput(input) });
  }

  async replace(id: string, input: PolicyInput): Promise<Policy> {
    const present = await this.get(id);
    return this.store({ ...present, ...fromInput(input), updatedAt: this.clock.now() });
  }

  async remove(id: string): Promise<void> {
    await this.get(id);
    await this.repository.remove(id);
  }

  private async store(policy: Policy): Promise<Policy> {
    const known = new Set((await this.channels.findMany(policy.channelIds)).map((channel) => channel.id));
    const missing = policy.channelIds.findIndex((id) => !known.has(id));
    if (missing >= 0) throw UserError.invalid(`channel_ids.${missing}`, 'There is no such channel');
    const same = await this.repository.findByName(policy.name);
    if (same !== null && same.id !== policy.id) {
      throw new UserError('conflict', `There is already a policy called "${policy.name}".`);
    }
    await this.repository.save(policy);
    return policy;
  }
}

function fromInput(input: PolicyInput) {
  return {
    name: input.name,
    enabled: input.enabled,
    severities: input.severities,
    events: input.events,
    channelIds: [...new Set(input.channel_ids)],
  };
}
