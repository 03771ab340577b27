import { Injectable, Logger } from '@nestjs/common';
import type { SignInError, SignInMethods } from '@aiops/contracts';
import { AuthorizationResponseError, randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { anonymousActor, AppConfig, AuditLog, Clock } from '../../platform/index.js';
import { SignIn, type SignedIn } from '../sign-in/sign-in.service.js';
import { isOver, type Attempt } from './attempt.js';
import { OidcRefusal } from './oidc.error.js';
import { OidcPeople } from './oidc-people.service.js';
import { OidcProvider } from './oidc-provider.service.js';
import { returnPath } from './return-path.js';

/** Somebody who came back from the provider, and can go on. */
export interface CameBack {
  signedIn: SignedIn;
  idToken: string;
  returnTo: string;
}

/** Signs people in through the OpenID Connect provider. */
@Injectable()
export class OidcSignIn {
  private readonly logger = new Logger('auth');

  constructor(
    private readonly provider: OidcProvider,
    private readonly people: OidcPeople,
    private readonly signIn: SignIn,
    private readonly config: AppConfig,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  methods(): Pick<SignInMethods, 'oidc'> {
    const oidc = { label: this.config.settings.OIDC_LABEL, path: '/api/v1/auth/oidc/start' };
    return { oidc: this.provider.isConfigured ? oidc : null };
  }

  /** What the browser is to keep, and where to send it. @throws OidcRefusal */
  async begin(wanted: string | undefined): Promise<{ attempt: Attempt; url: URL }> {
    if (!this.provider.isConfigured) throw new OidcRefusal('not_configured');
    const attempt: Attempt = {
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
      returnTo: returnPath(wanted),
      startedAt: this.clock.now().getTime(),
    };
    return { attempt, url: await this.provider.authorizationUrl(attempt) };
  }

  /** `attempt` is what the browser kept, `search` what the provider sent along. @throws OidcRefusal */
  async finish(attempt: Attempt | null, search: string, presented: string | null): Promise<CameBack> {
    if (attempt === null || isOver(attempt, this.clock.now())) throw new OidcRefusal('expired');
    const proven = await this.provider.prove(search, attempt);
    const user = await this.people.admit(proven);
    const signedIn = await this.signIn.complete({ user, methods: ['oidc'] }, presented);
    return { signedIn, idToken: proven.idToken, returnTo: attempt.returnTo };
  }

  /** Where to go to sign out at the provider too; none when that is away, since here it is done already. */
  async endSessionUrl(idToken: string | null): Promise<URL | null> {
    if (idToken === null || !this.provider.isConfigured) return null;
    return this.provider.endSessionUrl(idToken).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'signing out at the provider was left out');
      return null;
    });
  }

  /** Writes down why somebody did not come in. @returns what to tell them */
  async noteFailure(error: unknown): Promise<SignInError> {
    const code = reasonOf(error);
    this.logger.warn({ err: error, code }, 'signing in through the provider failed');
    await this.audit.recordApart({
      action: 'user.sign_in_failed',
      subject: { kind: 'user', id: null, name: null },
      actor: anonymousActor,
      outcome: 'failed',
      reason: `Through the provider: ${code}.`,
    });
    return code;
  }
}

/** Details are for the log: they tell a person nothing, and an attacker perhaps something. */
function reasonOf(error: unknown): SignInError {
  if (error instanceof OidcRefusal) return error.code;
  return error instanceof AuthorizationResponseError && error.error === 'access_denied'
    ? 'cancelled'
    : 'failed';
}
