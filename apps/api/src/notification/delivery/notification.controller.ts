import { Controller, Get, Query } from '@nestjs/common';
import {
  notificationListQuerySchema,
  notificationSchema,
  type NotificationDto,
  type PageDto,
} from '@aiops/contracts';
import { Allow, toPageDto } from '../../platform/index.js';
import { DeliveryService } from './delivery.service.js';
import { toNotificationDto } from './notification.mapper.js';
import type { NotificationQuery } from './notification.repository.js';

const fields = Object.keys(notificationSchema.shape);

@Controller('notifications')
export class NotificationController {
  constructor(private readonly deliveries: DeliveryService) {}

  @Get()
  @Allow('viewer')
  async list(
    @Query({ schema: notificationListQuerySchema }) query: NotificationQuery,
  ): Promise<PageDto<NotificationDto>> {
    return toPageDto(await this.deliveries.list(query), toNotificationDto, query, fields);
  }
}
