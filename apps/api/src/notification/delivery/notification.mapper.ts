import type { NotificationDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { Notification } from './notification.repository.js';

const { from, same, time, timeOrNull } = fieldsOf<Notification>();

export const notificationFields: Fields<Notification, NotificationDto> = {
  id: same('id'),
  channel_id: same('channelId'),
  channel_name: same('channelName'),
  event: same('event'),
  subject: from(['message'], ({ message }) => message.subject),
  alert_id: same('alertId'),
  execution_id: same('executionId'),
  status: same('status'),
  attempts: same('attempts'),
  last_error: same('lastError'),
  created_at: time('createdAt'),
  delivered_at: timeOrNull('deliveredAt'),
};
export const toNotificationDto = mapperOf(notificationFields);
