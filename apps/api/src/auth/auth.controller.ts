import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import {
  type FieldsQuery,
  fieldsQuerySchema,
  loginRequestSchema,
  type LoginResponse,
  loginResponseSchema,
  type UserDto,
  userSchema,
} from '@aiops/contracts';
import {
  type Actor,
  Allow,
  CurrentActor,
  Describe,
  Public,
  reading,
  toSparseDto,
} from '../platform/index.js';
import { AuthService } from './auth.service.js';
import { toUserDto, userFields } from './user/user.mapper.js';
import { UserService } from './user/user.service.js';

@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UserService,
  ) {}

  @Describe('Signs in', loginResponseSchema, {
    details: 'The access token goes into `Authorization: Bearer …` and lives for `expires_in` seconds.',
  })
  @Post('login')
  @HttpCode(200)
  @Public()
  async login(
    @Body({ schema: loginRequestSchema }) input: z.infer<typeof loginRequestSchema>,
  ): Promise<LoginResponse> {
    const { token, expiresIn, user } = await this.auth.login(input.username, input.password);
    return { access_token: token, token_type: 'Bearer', expires_in: expiresIn, user: toUserDto(user) };
  }

  /** Who is signed in; for people, an API key is nobody in particular. */
  @Describe('Who is signed in', userSchema, {
    details: 'For people: an API key is nobody in particular and gets 404.',
  })
  @Get('me')
  @Allow('viewer')
  async me(
    @CurrentActor() actor: Actor,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<UserDto> {
    return toSparseDto(await this.users.self(actor, reading(userFields, query)), userFields, query.fields);
  }
}
