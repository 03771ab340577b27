import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import {
  invitationAcceptSchema,
  type InvitationPreviewDto,
  invitationPreviewSchema,
  invitationTokenSchema,
  type UserDto,
  userSchema,
} from '@aiops/contracts';
import { Clock, Describe, mapperOf, OwnOriginOnly, Public } from '../../platform/index.js';
import { toUserDto } from '../user/user.mapper.js';
import { InvitationAcceptance } from './invitation-acceptance.service.js';
import { invitationFields } from './invitation.mapper.js';

/** For whoever has a link, and is nobody else yet. */
@Controller('auth/invitations')
export class InvitationLinkController {
  constructor(
    private readonly acceptance: InvitationAcceptance,
    private readonly clock: Clock,
  ) {}

  @Describe('What a link is for', invitationPreviewSchema)
  @Post('preview')
  @HttpCode(200)
  @Public()
  @OwnOriginOnly()
  async preview(
    @Body({ schema: invitationTokenSchema }) { token }: z.infer<typeof invitationTokenSchema>,
  ): Promise<InvitationPreviewDto> {
    const { kind, username, display_name, role, expires_at } = mapperOf(invitationFields(this.clock.now()))(
      await this.acceptance.preview(token),
    );
    return { kind, username, display_name, role, expires_at };
  }

  @Describe(
    'Chooses a password: makes the user who was invited, or gives another one to who lost theirs',
    userSchema,
    {
      details: 'Signs nobody in; `POST /auth/login` does, with the new password.',
    },
  )
  @Post('accept')
  @HttpCode(200)
  @Public()
  @OwnOriginOnly()
  async accept(
    @Body({ schema: invitationAcceptSchema }) input: z.infer<typeof invitationAcceptSchema>,
  ): Promise<UserDto> {
    const { token, password, display_name: displayName } = input;
    return toUserDto(await this.acceptance.accept(token, { password, displayName }));
  }
}
