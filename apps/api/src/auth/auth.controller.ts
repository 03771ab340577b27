import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  type FieldsQuery,
  fieldsQuerySchema,
  loginRequestSchema,
  type LoginResponse,
  loginResponseSchema,
  type PasskeyChallenge,
  passkeyChallengeSchema,
  passkeySignInSchema,
  type SecondFactorInput,
  secondFactorInputSchema,
  type SecondFactorNeeded,
  secondFactorNeededSchema,
  type UserDto,
  userSchema,
} from '@aiops/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type Actor,
  Allow,
  CurrentActor,
  Describe,
  OwnOriginOnly,
  Public,
  reading,
  toSparseDto,
  WithoutSecondFactor,
} from '../platform/index.js';
import { presentedCredential } from './access/presented-credential.js';
import { WhilePasswordIsDue } from './access/while-password-is-due.js';
import { RefreshCookie } from './session/refresh-cookie.js';
import { toPasskeyChallenge, toSecondFactorNeeded } from './factor/factor.mapper.js';
import { SecondFactors } from './factor/second-factor.service.js';
import { SignIn, type Browser, type SignedIn } from './sign-in/sign-in.service.js';
import { toUserDto, userFields } from './user/user.mapper.js';
import { UserService } from './user/user.service.js';

const loginAnswerSchema = z.union([loginResponseSchema, secondFactorNeededSchema]);

@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly factors: SecondFactors,
    private readonly cookie: RefreshCookie,
    private readonly users: UserService,
  ) {}

  @Describe('Signs in', loginAnswerSchema, {
    details:
      'With a second factor the answer is `second_factor`: go on with its token at `POST /auth/login/second-factor` within five minutes. ' +
      'The access token goes into `Authorization: Bearer …` and lives for `expires_in` seconds. The refresh token comes in a cookie that scripts cannot read. A session that the browser had is ended.',
  })
  @Post('login')
  @HttpCode(200)
  @Public()
  @OwnOriginOnly()
  async login(
    @Body({ schema: loginRequestSchema }) input: z.infer<typeof loginRequestSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginResponse | SecondFactorNeeded> {
    const outcome = await this.signIn.withPassword(input, this.browser(request));
    return 'accessToken' in outcome ? this.admit(outcome, request, reply) : toSecondFactorNeeded(outcome);
  }

  @Describe('Proves the second factor of a sign-in', loginResponseSchema, {
    details:
      'With one of: `code` of an authenticator app, `recovery_code`, or `passkey`, which is what `navigator.credentials.get` gave for `passkey_options`.',
  })
  @Post('login/second-factor')
  @HttpCode(200)
  @Public()
  @OwnOriginOnly()
  async secondFactor(
    @Body({ schema: secondFactorInputSchema }) input: SecondFactorInput,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginResponse> {
    return this.admit(await this.signIn.withSecondFactor(input, this.browser(request)), request, reply);
  }

  @Describe('Begins to sign in with a passkey alone', passkeyChallengeSchema, {
    details:
      'Give `options` to `navigator.credentials.get`, and what comes of it to `POST /auth/login/passkey`.',
  })
  @Post('login/passkey/options')
  @HttpCode(200)
  @Public()
  @OwnOriginOnly()
  async passkeyOptions(@Req() request: FastifyRequest): Promise<PasskeyChallenge> {
    return toPasskeyChallenge(await this.factors.beginPasskey(request.host));
  }

  @Describe('Signs in with a passkey, which verified its person', loginResponseSchema)
  @Post('login/passkey')
  @HttpCode(200)
  @Public()
  @OwnOriginOnly()
  async passkey(
    @Body({ schema: passkeySignInSchema }) input: z.infer<typeof passkeySignInSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginResponse> {
    return this.admit(await this.signIn.withPasskey(input, this.browser(request)), request, reply);
  }

  @Describe(
    'Gives another access token for the refresh token in the cookie, and another refresh token',
    loginResponseSchema,
    {
      details:
        'A refresh token is good once. The same one again within ten seconds is answered with the same successor; later it ends the session, since somebody else may have it. The 401 for a token of a session that is over says in `detail` what ended it.',
    },
  )
  @Post('refresh')
  @HttpCode(200)
  @Public()
  @OwnOriginOnly()
  async refresh(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginResponse> {
    return this.admit(await this.signIn.refresh(this.cookie.read(request)), request, reply);
  }

  @Describe('Signs out: ends the session of the cookie, and that of the access token', null, {
    details: 'Whoever is signed out already stays so.',
  })
  @Post('logout')
  @HttpCode(204)
  @Public()
  @OwnOriginOnly()
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const credential = presentedCredential(request, false);
    await this.signIn.signOut(
      this.cookie.read(request),
      credential.kind === 'token' ? credential.token : null,
    );
    this.cookie.clear(request, reply);
  }

  /** Who is signed in; for people, an API key is nobody in particular. */
  @Describe('Who is signed in', userSchema, {
    details: 'For people: an API key is nobody in particular and gets 404.',
  })
  @Get('me')
  @Allow('viewer')
  @WhilePasswordIsDue()
  @WithoutSecondFactor()
  async me(
    @CurrentActor() actor: Actor,
    @Query({ schema: fieldsQuerySchema }) query: FieldsQuery,
  ): Promise<UserDto> {
    return toSparseDto(await this.users.self(actor, reading(userFields, query)), userFields, query.fields);
  }

  private browser(request: FastifyRequest): Browser {
    return { presented: this.cookie.read(request), host: request.host };
  }

  private admit(signedIn: SignedIn, request: FastifyRequest, reply: FastifyReply): LoginResponse {
    const { accessToken, expiresIn, refreshToken, sessionExpiresAt, user } = signedIn;
    this.cookie.set(request, reply, refreshToken, sessionExpiresAt);
    return { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn, user: toUserDto(user) };
  }
}
