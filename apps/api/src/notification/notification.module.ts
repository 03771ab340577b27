import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AlertModule } from '../alert/index.js';
import { AuthModule } from '../auth/index.js';
import { RunbookModule } from '../runbook/index.js';
import { ChannelController } from './channel/channel.controller.js';
import { ChannelEntity } from './channel/channel.entity.js';
import { ChannelRepository } from './channel/channel.repository.js';
import { ChannelService } from './channel/channel.service.js';
import { ChannelPostman } from './delivery/channel-postman.js';
import { ChannelTester } from './delivery/channel-tester.service.js';
import { DeliveryService } from './delivery/delivery.service.js';
import { NotificationListeners } from './delivery/event-listeners.service.js';
import { NotificationController } from './delivery/notification.controller.js';
import { NotificationEntity } from './delivery/notification.entity.js';
import { NotificationLive } from './delivery/notification.live.js';
import { NotificationRepository } from './delivery/notification.repository.js';
import { NotificationHealth } from './notification.health.js';
import { PolicyController } from './policy/policy.controller.js';
import { PolicyEntity } from './policy/policy.entity.js';
import { PolicyRepository } from './policy/policy.repository.js';
import { PolicyService } from './policy/policy.service.js';

/** Tells the people concerned: channels, policies, deliveries. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ChannelEntity, PolicyEntity, NotificationEntity]),
    AlertModule,
    RunbookModule,
    AuthModule,
  ],
  controllers: [ChannelController, PolicyController, NotificationController],
  providers: [
    ChannelRepository,
    ChannelService,
    ChannelTester,
    ChannelPostman,
    PolicyRepository,
    PolicyService,
    NotificationRepository,
    DeliveryService,
    NotificationListeners,
    NotificationLive,
    NotificationHealth,
  ],
})
export class NotificationModule {}
