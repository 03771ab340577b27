import { Injectable } from '@nestjs/common';
import type { DomainEventPayload } from '@aiops/contracts';
import { LiveGateway } from '../../live/index.js';
import { OnLiveEvent } from '../../platform/index.js';
import { DeliveryService } from './delivery.service.js';
import { toNotificationDto } from './notification.mapper.js';

@Injectable()
export class NotificationLive {
  constructor(
    private readonly deliveries: DeliveryService,
    private readonly gateway: LiveGateway,
  ) {}

  @OnLiveEvent('notification.failed.v1')
  async push(event: DomainEventPayload<'notification.failed.v1'>): Promise<void> {
    if (!this.gateway.hasClients) return;
    this.gateway.push(
      'notification.failed',
      toNotificationDto(await this.deliveries.get(event.notification_id)),
    );
  }
}
