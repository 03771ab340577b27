import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import {
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type InvitationCreatedDto,
  invitationCreatedSchema,
  type InvitationDto,
  invitationInputSchema,
  invitationSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  passwordResetInputSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import {
  type Actor,
  Allow,
  Clock,
  CurrentActor,
  Describe,
  type Fields,
  mapperOf,
  reading,
  toSparseDto,
  toSparsePage,
} from '../../platform/index.js';
import { invitationFields } from './invitation.mapper.js';
import type { Invitation } from './invitation.repository.js';
import { InvitationService, type MadeInvitation } from './invitation.service.js';

@Controller()
export class InvitationController {
  constructor(
    private readonly invitations: InvitationService,
    private readonly clock: Clock,
  ) {}

  @Describe('Lists invitations and links for new passwords', pageSchema(invitationSchema), {
    details: 'What is over is kept for 30 days.',
  })
  @Get('invitations')
  @Allow('admin', 'api')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<InvitationDto>> {
    return toSparsePage(await this.invitations.list(reading(this.fields, query)), this.fields, query);
  }

  @Describe('One invitation', invitationSchema)
  @Get('invitations/:id')
  @Allow('admin', 'api')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<InvitationDto> {
    const found = await this.invitations.read(id, reading(this.fields, query));
    return toSparseDto(found, this.fields, query.fields);
  }

  @Describe('Invites somebody', invitationCreatedSchema, {
    details: 'They become a user when they open the link and choose a password.',
  })
  @Post('invitations')
  @Allow('admin', 'api')
  async invite(
    @Body({ schema: invitationInputSchema }) input: z.infer<typeof invitationInputSchema>,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InvitationCreatedDto> {
    const { display_name: displayName, ...rest } = input;
    return this.made(await this.invitations.invite({ ...rest, displayName }, actor), reply);
  }

  @Describe('Makes another link in place of the one from before, and sends it', invitationCreatedSchema)
  @Post('invitations/:id/resend')
  @HttpCode(200)
  @Allow('admin', 'api')
  async resend(@Param('id', { schema: idSchema }) id: string): Promise<InvitationCreatedDto> {
    return this.made(await this.invitations.resend(id), null);
  }

  @Describe('Revokes an invitation', null)
  @Delete('invitations/:id')
  @HttpCode(204)
  @Allow('admin', 'api')
  async revoke(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.invitations.revoke(id);
  }

  @Describe('Lets a user choose another password', invitationCreatedSchema, {
    details:
      'Makes a link that is good once. Until it is used the password and all sessions stay as they are; then the sessions end.',
  })
  @Post('users/:id/password-reset')
  @Allow('admin', 'api')
  async resetPassword(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: passwordResetInputSchema }) { email }: z.infer<typeof passwordResetInputSchema>,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InvitationCreatedDto> {
    return this.made(await this.invitations.resetPassword(id, email, actor), reply);
  }

  private get fields(): Fields<Invitation, InvitationDto> {
    return invitationFields(this.clock.now());
  }

  private made({ invitation, ...rest }: MadeInvitation, reply: FastifyReply | null): InvitationCreatedDto {
    void reply?.header('Location', `/api/v1/invitations/${invitation.id}`);
    return { ...mapperOf(this.fields)(invitation), ...rest };
  }
}
