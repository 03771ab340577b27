import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { In } from 'typeorm';
import {
  containing,
  DatabaseSession,
  Lists,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { ChannelEntity } from './channel.entity.js';

export type Channel = Pick<ChannelEntity, keyof ChannelEntity>;

@Injectable()
export class ChannelRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Channel>>> {
    const builder = this.session.manager.createQueryBuilder(ChannelEntity, 'channel');
    if (query.q !== undefined) builder.andWhere('channel.name ILIKE :like', { like: containing(query.q) });
    return this.lists.sparse(builder, query, {
      columns: {
        name: { property: 'name', kind: 'text' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: 'name',
    });
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<Channel> | null> {
    const builder = this.session.manager.createQueryBuilder(ChannelEntity, 'channel').where({ id });
    return this.lists.one(builder, reads);
  }

  /** Channels that messages go to. */
  enabled(): Promise<Channel[]> {
    return this.session.manager.findBy(ChannelEntity, { enabled: true });
  }

  /** The oldest enabled channel of a kind. */
  firstEnabled(kind: Channel['kind']): Promise<Channel | null> {
    return this.session.manager.findOne(ChannelEntity, {
      where: { kind, enabled: true },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  find(id: string): Promise<Channel | null> {
    return this.session.manager.findOneBy(ChannelEntity, { id });
  }

  findByName(name: string): Promise<Channel | null> {
    return this.session.manager.findOneBy(ChannelEntity, { name });
  }

  findMany(ids: string[]): Promise<Channel[]> {
    return this.session.manager.findBy(ChannelEntity, { id: In(ids) });
  }

  async save(channel: Channel): Promise<void> {
    await this.session.manager.save(ChannelEntity, channel);
  }

  async remove(id: string): Promise<void> {
    await this.session.manager.delete(ChannelEntity, { id });
  }

  async delivered(id: string, at: Date): Promise<void> {
    await this.session.manager.update(ChannelEntity, { id }, { lastDeliveryAt: at, lastError: null });
  }

  async failed(id: string, error: string): Promise<void> {
    await this.session.manager.update(ChannelEntity, { id }, { lastError: error });
  }
}
