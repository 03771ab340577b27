import { Injectable } from '@nestjs/common';
import type { ChannelTestResult } from '@aiops/contracts';
import { AuditLog, messageOf, newId, Outbound } from '../../platform/index.js';
import { auditedChannel, ChannelService } from '../channel/channel.service.js';
import type { Channel } from '../channel/channel.repository.js';
import { testMessage } from './message.js';
import { send } from './send.js';

/** The test button of a channel: one message at once, past the breaker and the queue. */
@Injectable()
export class ChannelTester {
  constructor(
    private readonly channels: ChannelService,
    private readonly audit: AuditLog,
    private readonly outbound: Outbound,
  ) {}

  async test(channelId: string): Promise<ChannelTestResult> {
    const channel = await this.channels.get(channelId);
    const result = await this.send(channel);
    await this.audit.recordApart({
      action: 'notification_channel.tested',
      ...auditedChannel.of(channel),
      outcome: result.ok ? 'succeeded' : 'failed',
      reason: result.ok ? null : result.detail,
    });
    return result;
  }

  private async send(channel: Channel): Promise<ChannelTestResult> {
    try {
      await send(this.channels.config(channel), testMessage, newId(), this.outbound);
      return { ok: true, detail: 'The message was accepted. Look whether it arrived.' };
    } catch (error) {
      return { ok: false, detail: messageOf(error) };
    }
  }
}
