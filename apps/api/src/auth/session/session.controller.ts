import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type SessionDto,
  sessionSchema,
} from '@aiops/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, Describe, OwnOriginOnly, toSparsePage, WithoutSecondFactor } from '../../platform/index.js';
import { WhilePasswordIsDue } from '../access/while-password-is-due.js';
import { CurrentSession, type SessionOfCaller } from './current-session.js';
import { RefreshCookie } from './refresh-cookie.js';
import { sessionFields } from './session.mapper.js';
import { SessionService } from './session.service.js';

@Controller('auth')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly cookie: RefreshCookie,
  ) {}

  @Describe('Ends every session of whoever calls, on all devices, this one too', null)
  @Post('logout-all')
  @HttpCode(204)
  @Allow('viewer', 'api')
  @WhilePasswordIsDue()
  @WithoutSecondFactor()
  @OwnOriginOnly()
  async logoutAll(
    @CurrentSession() { userId }: SessionOfCaller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.endAll(userId, 'signed_out_everywhere');
    this.cookie.clear(request, reply);
  }

  @Describe('Lists the sessions of whoever calls', pageSchema(sessionSchema))
  @Get('sessions')
  @Allow('viewer', 'api')
  @WithoutSecondFactor()
  async list(
    @CurrentSession() { userId, sessionId }: SessionOfCaller,
    @Query({ schema: listQuerySchema }) query: ListQuery,
  ): Promise<PageDto<SessionDto>> {
    const fields = sessionFields(sessionId);
    return toSparsePage(await this.sessions.list(userId, query), fields, query);
  }

  @Describe('Ends every session of whoever calls but the one that asks', null)
  @Delete('sessions')
  @HttpCode(204)
  @Allow('viewer', 'api')
  @WithoutSecondFactor()
  async endOthers(@CurrentSession() caller: SessionOfCaller): Promise<void> {
    await this.sessions.endOthers(caller);
  }

  @Describe('Ends a session of whoever calls', null)
  @Delete('sessions/:id')
  @HttpCode(204)
  @Allow('viewer', 'api')
  @WithoutSecondFactor()
  async endOne(
    @CurrentSession() { userId }: SessionOfCaller,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<void> {
    await this.sessions.endOne(userId, id);
  }
}
