import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { z } from 'zod';
import { oidcStartQuerySchema, type SignInMethods, signInMethodsSchema } from '@aiops/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Describe, Public } from '../../platform/index.js';
import { Passkeys } from '../factor/passkeys.service.js';
import { RefreshCookie } from '../session/refresh-cookie.js';
import { ATTEMPT_MS, type Attempt, attemptSchema } from './attempt.js';
import { OidcSignIn } from './oidc-sign-in.service.js';
import { SealedCookies, type CookieSpec } from './sealed-cookie.js';

/** Sent when the provider sends the browser back, which is a navigation from another site: hence `Lax`. */
const ATTEMPT: CookieSpec = { name: 'aiops_oidc', seconds: ATTEMPT_MS / 1000, sameSite: 'Lax' };
/** For signing out at the provider; pages of others cannot sign anybody out. */
const SIGNED_IN: CookieSpec = { name: 'aiops_oidc_session', seconds: 30 * 86_400, sameSite: 'Strict' };

@Controller('auth')
export class OidcController {
  constructor(
    private readonly oidc: OidcSignIn,
    private readonly passkeys: Passkeys,
    private readonly cookies: SealedCookies,
    private readonly refreshCookie: RefreshCookie,
  ) {}

  @Describe('The ways to sign in besides a password', signInMethodsSchema)
  @Get('methods')
  @Public()
  methods(@Req() request: FastifyRequest): SignInMethods {
    return { ...this.oidc.methods(), passkeys: this.passkeys.party(request.host) !== null };
  }

  @Describe('Sends a browser to the OpenID Connect provider', null, {
    status: 302,
    details: 'What goes wrong ends at `/?sign_in_error=…`, the sign-in page.',
  })
  @Get('oidc/start')
  @Public()
  async start(
    @Query({ schema: oidcStartQuerySchema }) query: z.infer<typeof oidcStartQuerySchema>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    try {
      const { attempt, url } = await this.oidc.begin(query.return_to);
      this.cookies.set(reply, ATTEMPT, JSON.stringify(attempt));
      send(reply, url.href);
    } catch (error) {
      send(reply, await this.failed(error));
    }
  }

  @Describe('Where the provider sends the browser back to', null, {
    status: 302,
    details:
      'Takes what the provider adds to the address. The app then asks `POST /auth/refresh` for its access token.',
  })
  @Get('oidc/callback')
  @Public()
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const attempt = this.attemptOf(request);
    // Good for one return, whatever comes of it.
    this.cookies.clear(reply, ATTEMPT);
    try {
      const presented = this.refreshCookie.read(request);
      const { signedIn, idToken, returnTo } = await this.oidc.finish(attempt, searchOf(request), presented);
      this.refreshCookie.set(request, reply, signedIn.refreshToken, signedIn.sessionExpiresAt);
      this.cookies.set(reply, SIGNED_IN, idToken);
      send(reply, returnTo);
    } catch (error) {
      send(reply, await this.failed(error));
    }
  }

  @Describe('Sends a browser on to sign out at the provider, and back to the app', null, {
    status: 302,
    details:
      'After `POST /auth/logout`. Straight back to the app for who did not sign in through the provider.',
  })
  @Get('oidc/logout')
  @Public()
  async logout(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const idToken = this.cookies.read(request, SIGNED_IN);
    this.cookies.clear(reply, SIGNED_IN);
    send(reply, (await this.oidc.endSessionUrl(idToken))?.href ?? '/');
  }

  private attemptOf(request: FastifyRequest): Attempt | null {
    const text = this.cookies.read(request, ATTEMPT);
    return text === null ? null : attemptSchema.parse(JSON.parse(text));
  }

  private async failed(error: unknown): Promise<string> {
    return `/?sign_in_error=${await this.oidc.noteFailure(error)}`;
  }
}

/** Not kept by anybody: it sets cookies, and the address of the callback is good once. */
function send(reply: FastifyReply, location: string): void {
  void reply.header('Cache-Control', 'no-store').redirect(location, 302);
}

const searchOf = ({ url }: FastifyRequest): string => new URL(url, 'http://engine.invalid').search;
