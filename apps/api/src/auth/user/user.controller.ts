import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import {
  type FieldsQuery,
  fieldsQuerySchema,
  idSchema,
  type ListQuery,
  listQuerySchema,
  type PageDto,
  pageSchema,
  type UserDto,
  userInputSchema,
  userSchema,
  userUpdateSchema,
} from '@aiops/contracts';
import type { FastifyReply } from 'fastify';
import {
  type Actor,
  Allow,
  CurrentActor,
  Describe,
  reading,
  toSparseDto,
  toSparsePage,
} from '../../platform/index.js';
import { SessionService } from '../session/session.service.js';
import { toUserDto, userFields } from './user.mapper.js';
import { UserService } from './user.service.js';

@Controller('users')
export class UserController {
  constructor(
    private readonly users: UserService,
    private readonly sessions: SessionService,
  ) {}

  @Describe('Lists users', pageSchema(userSchema))
  @Get()
  @Allow('admin', 'api')
  async list(@Query({ schema: listQuerySchema }) query: ListQuery): Promise<PageDto<UserDto>> {
    return toSparsePage(await this.users.list(reading(userFields, query)), userFields, query);
  }

  @Describe('One user', userSchema)
  @Get(':id')
  @Allow('admin', 'api')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<UserDto> {
    return toSparseDto(await this.users.read(id, reading(userFields, query)), userFields, query.fields);
  }

  @Describe('Makes a user', userSchema, { details: 'With a password of twelve characters or more.' })
  @Post()
  @Allow('admin', 'api')
  async create(
    @Body({ schema: userInputSchema }) input: z.infer<typeof userInputSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserDto> {
    const { display_name: displayName, must_change_password: mustChangePassword, ...rest } = input;
    const user = await this.users.create({ ...rest, displayName, mustChangePassword });
    void reply.header('Location', `/api/v1/users/${user.id}`);
    return toUserDto(user);
  }

  @Describe('Changes a user', userSchema, {
    details:
      'Another role or `disabled` counts at once. The last administrator can be neither disabled nor made anything less.',
  })
  @Patch(':id')
  @Allow('admin', 'api')
  async update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: userUpdateSchema }) input: z.infer<typeof userUpdateSchema>,
    @CurrentActor() actor: Actor,
  ): Promise<UserDto> {
    const { display_name: displayName, must_change_password: mustChangePassword, ...rest } = input;
    return toUserDto(await this.users.update(id, { ...rest, displayName, mustChangePassword }, actor));
  }

  @Describe('Removes a user', null, {
    details:
      'Their entries on timelines and in the audit log stay. The last administrator cannot be removed.',
  })
  @Delete(':id')
  @HttpCode(204)
  @Allow('admin', 'api')
  async remove(@Param('id', { schema: idSchema }) id: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.users.remove(id, actor);
  }

  @Describe('Ends every session of a user, on all devices', null)
  @Delete(':id/sessions')
  @HttpCode(204)
  @Allow('admin', 'api')
  async endSessions(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    await this.sessions.endAll((await this.users.get(id)).id, 'ended_by_admin');
  }
}
