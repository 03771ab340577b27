import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InvitationMail, type Letter } from '../../auth/index.js';
import { Breakers, newId, Outbound } from '../../platform/index.js';
import { channelBreaker, ChannelService } from '../channel/channel.service.js';
import { ChannelRepository } from '../channel/channel.repository.js';
import { emailSender } from './email.sender.js';

/** Carries letters to single people through the mail server of the first e-mail channel that is enabled. */
@Injectable()
export class ChannelPostman implements OnModuleInit {
  constructor(
    private readonly channels: ChannelRepository,
    private readonly service: ChannelService,
    private readonly breakers: Breakers,
    private readonly outbound: Outbound,
    private readonly mail: InvitationMail,
  ) {}

  onModuleInit(): void {
    this.mail.carriedBy((letter) => this.carry(letter));
  }

  private async carry({ to, subject, lines, link }: Letter): Promise<boolean> {
    const channel = await this.channels.firstEnabled('email');
    if (channel === null) return false;
    const config = this.service.config(channel);
    if (config.kind !== 'email') return false;
    const message = { ...nothingElse, subject, lines, link };
    await this.breakers.run(channelBreaker(channel), () =>
      emailSender.send({ ...config, to: [to] }, message, newId(), this.outbound),
    );
    return true;
  }
}

const nothingElse = { event: 'test' as const, severity: null, alertId: null, executionId: null };
