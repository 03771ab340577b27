import { Injectable } from '@nestjs/common';
import type { notificationListQuerySchema } from '@aiops/contracts';
import type { z } from 'zod';
import {
  containing,
  DatabaseSession,
  Lists,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { NotificationEntity } from './notification.entity.js';

export type Notification = Pick<NotificationEntity, keyof NotificationEntity>;
export type NotificationQuery = z.infer<typeof notificationListQuerySchema>;

@Injectable()
export class NotificationRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  /** @returns false when this message was already stored for this channel. */
  async add(notification: Notification): Promise<boolean> {
    const result = await this.session.manager
      .createQueryBuilder()
      .insert()
      .into(NotificationEntity)
      .values({ ...notification })
      .orIgnore()
      .returning('id')
      .execute();
    return Array.isArray(result.raw) && result.raw.length === 1;
  }

  find(id: string): Promise<Notification | null> {
    return this.session.manager.findOneBy(NotificationEntity, { id });
  }

  list(query: NotificationQuery & Reads): Promise<Page<Sparse<Notification>>> {
    const builder = this.session.manager.createQueryBuilder(NotificationEntity, 'notification');
    if (query.status !== undefined)
      builder.andWhere('notification.status IN (:...statuses)', { statuses: query.status.split(',') });
    if (query.channel_id !== undefined)
      builder.andWhere('notification.channelId = :channelId', { channelId: query.channel_id });
    if (query.alert_id !== undefined)
      builder.andWhere('notification.alertId = :alertId', { alertId: query.alert_id });
    if (query.q !== undefined) {
      builder.andWhere(
        `(notification.channelName ILIKE :like OR notification.lastError ILIKE :like
          OR CAST(notification.message AS text) ILIKE :like)`,
        { like: containing(query.q) },
      );
    }
    return this.lists.sparse(builder, query, {
      columns: { created_at: { property: 'createdAt', kind: 'time' } },
      fallback: '-created_at',
    });
  }

  async update(
    id: string,
    change: Partial<Pick<Notification, 'status' | 'attempts' | 'lastError' | 'deliveredAt'>>,
  ): Promise<void> {
    await this.session.manager.update(NotificationEntity, { id }, change);
  }
}
