import type { NotificationDto } from '@aiops/contracts';
import type { Notification } from './notification.repository.js';

export function toNotificationDto(notification: Notification): NotificationDto {
  return {
    id: notification.id,
    channel_id: notification.channelId,
    channel_name: notification.channelName,
    event: notification.event,
    subject: notification.message.subject,
    alert_id: notification.alertId,
    execution_id: notification.executionId,
    status: notification.status,
    attempts: notification.attempts,
    last_error: notification.lastError,
    created_at: notification.createdAt.toISOString(),
    delivered_at: notification.deliveredAt?.toISOString() ?? null,
  };
}
