import { Injectable } from '@nestjs/common';
import { idSchema, severitySchema, type NotificationEvent, type Severity } from '@aiops/contracts';
import { z } from 'zod';
import {
  Breakers,
  Clock,
  DatabaseSession,
  defineJob,
  EventBus,
  HandlesJob,
  inSpan,
  JobQueue,
  messageOf,
  newId,
  Outbound,
  UserError,
  type JobContext,
  type Page,
  type Reads,
  type SpanSpec,
  type Sparse,
} from '../../platform/index.js';
import { ChannelRepository } from '../channel/channel.repository.js';
import { channelBreaker, ChannelService } from '../channel/channel.service.js';
import { PolicyRepository } from '../policy/policy.repository.js';
import { channelsFor } from '../policy/route.js';
import type { Message } from './message.js';
import {
  NotificationRepository,
  type Notification,
  type NotificationQuery,
} from './notification.repository.js';
import { send } from './send.js';

const deliverJob = defineJob('notification.deliver', z.object({ notification_id: idSchema }), {
  retryLimit: 6,
  retryDelay: 2,
  retryDelayMax: 600,
  expireIn: 60,
  concurrency: 4,
});

/** Sends messages to the channels that policies name; each delivery is a job that is tried again. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly channels: ChannelService,
    private readonly channelRows: ChannelRepository,
    private readonly policies: PolicyRepository,
    private readonly jobs: JobQueue,
    private readonly events: EventBus,
    private readonly breakers: Breakers,
    private readonly outbound: Outbound,
    private readonly session: DatabaseSession,
    private readonly clock: Clock,
  ) {}

  /** For which severities anybody wants to hear of this event, so that nothing is read or built for nobody. */
  async wantedSeverities(event: NotificationEvent): Promise<Set<Severity>> {
    const policies = await this.policies.enabled();
    return new Set(
      severitySchema.options.filter((severity) => channelsFor(policies, event, severity).length > 0),
    );
  }

  /** Queues a message to every channel that a policy names. The same `dedupKey` never goes to a channel twice. */
  async notify(message: Message & { event: NotificationEvent }, dedupKey: string): Promise<void> {
    const ids = channelsFor(await this.policies.enabled(), message.event, message.severity);
    if (ids.length === 0) return;
    for (const channel of await this.channelRows.findMany(ids)) {
      if (!channel.enabled) continue;
      await this.session.transaction(() => this.queue(channel, message, dedupKey));
    }
  }

  list(query: NotificationQuery & Reads): Promise<Page<Sparse<Notification>>> {
    return this.notifications.list(query);
  }

  async get(id: string): Promise<Notification> {
    const notification = await this.notifications.find(id);
    if (notification === null) throw UserError.notFound('notification', id);
    return notification;
  }

  @HandlesJob(deliverJob)
  async deliver({ notification_id: id }: { notification_id: string }, context: JobContext): Promise<void> {
    const notification = await this.get(id);
    if (notification.status === 'delivered') return;
    const attempts = notification.attempts + 1;
    try {
      const channel = await this.channels.get(notification.channelId);
      const spec = deliverySpan(channel, notification);
      await this.breakers.run(channelBreaker(channel), () =>
        inSpan(spec, () => send(this.channels.config(channel), notification.message, id, this.outbound)),
      );
    } catch (error) {
      await this.recordFailure(notification, attempts, messageOf(error), context.willRetry);
      throw error;
    }
    const now = this.clock.now();
    await this.notifications.update(id, { status: 'delivered', attempts, lastError: null, deliveredAt: now });
    await this.channelRows.delivered(notification.channelId, now);
  }

  private async queue(
    channel: { id: string; name: string },
    message: Message,
    dedupKey: string,
  ): Promise<void> {
    const id = newId();
    const isNew = await this.notifications.add({
      id,
      channelId: channel.id,
      channelName: channel.name,
      dedupKey,
      event: message.event,
      message,
      alertId: message.alertId,
      executionId: message.executionId,
      status: 'pending',
      attempts: 0,
      lastError: null,
      createdAt: this.clock.now(),
      deliveredAt: null,
    });
    if (isNew) await this.jobs.send(deliverJob, { notification_id: id });
  }

  private async recordFailure(
    notification: Notification,
    attempts: number,
    error: string,
    willRetry: boolean,
  ): Promise<void> {
    await this.session.transaction(async () => {
      const status = willRetry ? 'retrying' : 'failed';
      await this.notifications.update(notification.id, { status, attempts, lastError: error });
      await this.channelRows.failed(notification.channelId, error);
      if (willRetry) return;
      await this.events.emit('notification.failed.v1', {
        notification_id: notification.id,
        channel_id: notification.channelId,
        event: notification.event,
        severity: notification.message.severity,
        error,
      });
    });
  }
}

const deliverySpan = (channel: { kind: string; name: string }, { id, event }: Notification): SpanSpec => ({
  name: `notify ${channel.kind}`,
  kind: 'client',
  attributes: {
    'aiops.channel.kind': channel.kind,
    'aiops.channel.name': channel.name,
    'aiops.notification.id': id,
    'aiops.notification.event': event,
  },
});
