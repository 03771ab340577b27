import { Injectable } from '@nestjs/common';
import type { ChannelTestResult } from '@aiops/contracts';
import { messageOf, newId } from '../../platform/index.js';
import { ChannelService } from '../channel/channel.service.js';
import { testMessage } from './message.js';
import { send } from './send.js';

/** The test button of a channel: one message at once, past the breaker and the queue. */
@Injectable()
export class ChannelTester {
  constructor(private readonly channels: ChannelService) {}

  async test(channelId: string): Promise<ChannelTestResult> {
    const channel = await this.channels.get(channelId);
    try {
      await send(this.channels.config(channel), testMessage, newId());
      return { ok: true, detail: 'The message was accepted. Look whether it arrived.' };
    } catch (error) {
      return { ok: false, detail: messageOf(error) };
    }
  }
}
