import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  clockTolerance,
  type Configuration,
  type CustomFetch,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
} from 'openid-client';
import {
  AppConfig,
  BreakerOpenError,
  Breakers,
  messageOf,
  Outbound,
  UnexpectedError,
} from '../../platform/index.js';
import type { Attempt } from './attempt.js';
import { claimedTexts, type Claims } from './claim-rules.js';
import { isCausedBy, OidcRefusal, ProviderAwayError } from './oidc.error.js';

const BREAKER = 'oidc';
const TIMEOUT_SECONDS = 10;
/** How far the clocks of provider and engine may be apart. */
const TOLERANCE_SECONDS = 30;
/** What the provider says of itself, its keys left out, which are read anew by themselves. */
const DISCOVERY_AGE_MS = 60 * 60_000;

/** Who the provider says has signed in. */
export interface ProvenAtProvider {
  issuer: string;
  subject: string;
  claims: Claims;
  idToken: string;
}

/**
 * The OpenID Connect provider: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 9700,
 * 2.1.1 and 4.7). Calls leave through the outbound guard, which lets them to the issuer wherever that is, behind a
 * breaker.
 */
@Injectable()
export class OidcProvider implements OnApplicationShutdown {
  private readonly outbound: Outbound | null;
  private found: { configuration: Configuration; at: number } | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly breakers: Breakers,
    outbound: Outbound,
  ) {
    const { OIDC_ISSUER: issuer } = config.settings;
    this.outbound = issuer === undefined ? null : outbound.towards(issuer);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.outbound?.onApplicationShutdown();
  }

  get isConfigured(): boolean {
    return this.outbound !== null;
  }

  /** Where the browser goes to sign in. @throws OidcRefusal `provider_away` */
  async authorizationUrl({ state, nonce, verifier }: Attempt): Promise<URL> {
    const challenge = await calculatePKCECodeChallenge(verifier);
    return this.guarded(async (provider) =>
      buildAuthorizationUrl(provider, {
        redirect_uri: this.callbackUrl,
        scope: this.config.settings.OIDC_SCOPES,
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }),
    );
  }

  /** Takes what the provider sent back for who it says has signed in. @throws OidcRefusal, or what openid-client throws */
  async prove(search: string, attempt: Attempt): Promise<ProvenAtProvider> {
    const url = new URL(search, this.callbackUrl);
    return this.guarded(async (provider) => {
      const tokens = await authorizationCodeGrant(provider, url, {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || tokens.id_token === undefined)
        throw new UnexpectedError('No ID token came');
      return {
        issuer: claims.iss,
        subject: claims.sub,
        claims: await this.withUserInfo(provider, tokens.access_token, claims),
        idToken: tokens.id_token,
      };
    });
  }

  /** Where the browser goes to sign out at the provider, null when that has no such place (OpenID Connect RP-Initiated Logout). */
  async endSessionUrl(idToken: string): Promise<URL | null> {
    return this.guarded(async (provider) =>
      provider.serverMetadata().end_session_endpoint === undefined
        ? null
        : buildEndSessionUrl(provider, {
            id_token_hint: idToken,
            post_logout_redirect_uri: new URL('/', this.callbackUrl).href,
          }),
    );
  }

  /** Registered at the provider. */
  private get callbackUrl(): string {
    return new URL('/api/v1/auth/oidc/callback', this.config.settings.PUBLIC_URL).href;
  }

  /** Many providers put groups into the user info alone. */
  private async withUserInfo(provider: Configuration, token: string, claims: ClaimsOfToken): Promise<Claims> {
    const hasRole = claimedTexts(claims, this.config.settings.OIDC_ROLE_CLAIM).length > 0;
    if (hasRole || provider.serverMetadata().userinfo_endpoint === undefined) return claims;
    return { ...(await fetchUserInfo(provider, token, claims.sub)), ...claims };
  }

  private async guarded<T>(call: (provider: Configuration) => Promise<T>): Promise<T> {
    const counts = (error: unknown): boolean => isCausedBy(error, ProviderAwayError);
    try {
      return await this.breakers.run(BREAKER, async () => call(await this.configuration()), { counts });
    } catch (error) {
      const isAway = error instanceof BreakerOpenError || counts(error);
      throw isAway ? new OidcRefusal('provider_away', { cause: error }) : error;
    }
  }

  private async configuration(): Promise<Configuration> {
    const now = performance.now();
    if (this.found !== null && now - this.found.at < DISCOVERY_AGE_MS) return this.found.configuration;
    const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret } = this.config.settings;
    if (issuer === undefined || id === undefined) throw new OidcRefusal('not_configured');
    const configuration = await discovery(
      new URL(issuer),
      id,
      { [clockTolerance]: TOLERANCE_SECONDS },
      secret === undefined ? None() : ClientSecretBasic(secret),
      {
        [customFetch]: this.fetch,
        timeout: TIMEOUT_SECONDS,
        // The signature of the ID token is looked at too: the line to the provider is not the only thing to trust.
        execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])],
      },
    );
    this.found = { configuration, at: now };
    return configuration;
  }

  private readonly fetch: CustomFetch = async (url, options) => {
    if (this.outbound === null) throw new OidcRefusal('not_configured');
    let answer: Response;
    try {
      answer = await this.outbound.fetch(url, options);
    } catch (error) {
      throw new ProviderAwayError(messageOf(error), { cause: error });
    }
    if (answer.status >= 500) throw new ProviderAwayError(`${new URL(url).host} answered ${answer.status}`);
    return answer;
  };
}

type ClaimsOfToken = Claims & { sub: string };
