import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { z } from 'zod';
import { AppConfig, Clock, UserError, type Actor } from '../../platform/index.js';
import { lacksSecondFactor } from '../factor/factor-rules.js';
import { KnownSessions } from '../session/known-sessions.js';
import { accessSeconds } from '../session/session-rules.js';
import type { Session } from '../session/session.repository.js';
import { Keyring } from '../signing-key/keyring.js';
import type { User } from '../user/user.repository.js';
import {
  ACCESS_TOKEN_TYPE,
  accessClaimsSchema,
  accessHeaderSchema,
  accessTokenRules,
  expiringSchema,
} from './access-claims.js';

const decodedSchema = z.object({ header: accessHeaderSchema });

const refused = (): UserError =>
  new UserError('unauthenticated', 'The access token is not valid any more. Sign in again.');

/** Who holds an access token, and in which session. */
export interface Identity {
  actor: Actor;
  sessionId: string;
  /** Whether they may do nothing yet but choose a password of their own. */
  mustChangePassword: boolean;
  /** Their role needs a second factor, and in this session none was proved: they may set one up, and nothing else. */
  lacksSecondFactor: boolean;
}

/** A user as who acts. */
export const actorOf = ({ id, username, role }: User): Actor => ({ kind: 'user', id, name: username, role });

/** Who came in through a provider has not used the password that somebody else chose. */
const mustChange = (user: User, { methods }: Session): boolean =>
  user.mustChangePassword && methods.includes('pwd');

/** Makes access tokens and tells whose they are. */
@Injectable()
export class TokenService {
  constructor(
    private readonly config: AppConfig,
    private readonly jwt: JwtService,
    private readonly keyring: Keyring,
    private readonly known: KnownSessions,
    private readonly clock: Clock,
  ) {}

  /** A token for a session of `user`, signed with the newest key; `expiresIn` in seconds. */
  async issueAccess(
    user: User,
    session: Pick<Session, 'id' | 'expiresAt'>,
  ): Promise<{ token: string; expiresIn: number }> {
    const { kid, secret } = await this.keyring.signer();
    const { ACCESS_TOKEN_LIFETIME_MS, SESSION_IDLE_TIMEOUT_MS } = this.config.settings;
    // An open page comes for the next one in time, and so stays in use.
    const lifetime = Math.min(ACCESS_TOKEN_LIFETIME_MS, SESSION_IDLE_TIMEOUT_MS / 2);
    const expiresIn = accessSeconds(session, this.clock.now(), lifetime);
    const token = await this.jwt.signAsync(
      { name: user.username, role: user.role, sid: session.id },
      {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: ACCESS_TOKEN_TYPE },
        keyid: kid,
        secret,
        subject: user.id,
        issuer: accessTokenRules.issuer,
        audience: accessTokenRules.audience,
        expiresIn,
      },
    );
    return { token, expiresIn };
  }

  /**
   * Who holds `token`, and when it ends, for what stays open longer than a request.
   * @throws UserError `unauthenticated` when it is not, or not any more, good
   */
  async verify(token: string): Promise<Identity & { expiresAt: Date }> {
    const claims = await this.verified(token);
    return { ...(await this.identityOf(claims)), expiresAt: new Date(claims.exp * 1000) };
  }

  /** The secret that must have signed `token`, by the key id in its header. */
  async secretFor(token: string): Promise<string> {
    const decoded = decodedSchema.safeParse(this.jwt.decode<unknown>(token, { complete: true }));
    const key = decoded.success ? await this.keyring.find(decoded.data.header.kid) : null;
    if (key === null) throw refused();
    return key.secret;
  }

  /**
   * The user behind verified claims, as they are now: what is asked for is the session, so that whoever is signed out,
   * disabled, removed or given another role is so at once and on every replica (OWASP ASVS 5.0, 7.4.1).
   */
  async identityOf(claims: unknown): Promise<Identity> {
    const parsed = accessClaimsSchema.safeParse(claims);
    if (!parsed.success) throw refused();
    const found = await this.known.find(parsed.data.sid);
    if (found?.user.id !== parsed.data.sub) throw refused();
    const { user, session } = found;
    const { MFA_REQUIRED_ROLES: required } = this.config.settings;
    return {
      actor: actorOf(user),
      sessionId: session.id,
      mustChangePassword: mustChange(user, session),
      lacksSecondFactor: lacksSecondFactor({ role: user.role, methods: session.methods }, required),
    };
  }

  private async verified(token: string): Promise<{ exp: number }> {
    const secret = await this.secretFor(token);
    try {
      return expiringSchema.parse(await this.jwt.verifyAsync<object>(token, { ...accessTokenRules, secret }));
    } catch {
      throw refused();
    }
  }
}
