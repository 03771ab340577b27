import { Controller, Get, Query } from '@nestjs/common';
import {
  type NotificationDto,
  notificationListQuerySchema,
  notificationSchema,
  type PageDto,
  pageSchema,
} from '@aiops/contracts';
import { Allow, Describe, reading, toSparsePage } from '../../platform/index.js';
import { DeliveryService } from './delivery.service.js';
import { notificationFields } from './notification.mapper.js';
import type { NotificationQuery } from './notification.repository.js';

@Controller('notifications')
export class NotificationController {
  constructor(private readonly deliveries: DeliveryService) {}

  @Describe('Lists messages and how their delivery went', pageSchema(notificationSchema), {
    details: 'Newest first. What used up its attempts is also among the failed operations.',
  })
  @Get()
  @Allow('viewer')
  async list(
    @Query({ schema: notificationListQuerySchema }) query: NotificationQuery,
  ): Promise<PageDto<NotificationDto>> {
    return toSparsePage(
      await this.deliveries.list(reading(notificationFields, query)),
      notificationFields,
      query,
    );
  }
}
