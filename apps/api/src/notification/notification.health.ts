import { Injectable } from '@nestjs/common';
import { BreakerReader, HealthChecks, judgeBreakers, type Finding } from '../platform/index.js';
import { ChannelRepository } from './channel/channel.repository.js';
import { channelBreaker } from './channel/channel.service.js';

/** Whether people can be told. */
@Injectable()
export class NotificationHealth {
  constructor(
    checks: HealthChecks,
    private readonly channels: ChannelRepository,
    private readonly breakers: BreakerReader,
  ) {
    checks.add({ name: 'notifications', needed: false, check: () => this.check() });
  }

  private async check(): Promise<Finding> {
    const channels = await this.channels.enabled();
    return judgeBreakers(channels.map(channelBreaker), await this.breakers.list({ kind: 'channel' }), {
      things: 'notification channels',
      withoutAny: 'Nobody is told of anything.',
    });
  }
}
