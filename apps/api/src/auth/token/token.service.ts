import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AppConfig, UnexpectedError, UserError, type Actor } from '../../platform/index.js';
import { UserRepository, type User } from '../user/user.repository.js';
import {
  ACCESS_TOKEN_LIFETIME,
  accessClaimsSchema,
  accessTokenRules,
  expiringSchema,
} from './access-claims.js';

const refused = (): UserError =>
  new UserError('unauthenticated', 'The access token is not valid any more. Sign in again.');

/** Makes access tokens and tells whose they are. */
@Injectable()
export class TokenService {
  constructor(
    private readonly config: AppConfig,
    private readonly jwt: JwtService,
    private readonly users: UserRepository,
  ) {}

  /** A token for `user`, signed with the newest secret; `expiresIn` in seconds. */
  async issueAccess(user: User): Promise<{ token: string; expiresIn: number }> {
    const newest = this.config.settings.JWT_SECRETS[0];
    if (newest === undefined) throw new UnexpectedError('There is no secret to sign tokens with');
    const token = await this.jwt.signAsync(
      { name: user.username, role: user.role, ver: user.tokenVersion },
      {
        algorithm: 'HS256',
        keyid: newest.kid,
        secret: newest.secret,
        subject: user.id,
        issuer: accessTokenRules.issuer,
        audience: accessTokenRules.audience,
        expiresIn: ACCESS_TOKEN_LIFETIME,
      },
    );
    return { token, expiresIn: ACCESS_TOKEN_LIFETIME };
  }

  /** Who holds `token`. @throws UserError `unauthenticated` when it is not, or not any more, good. */
  async verifyAccess(token: string): Promise<Actor> {
    return (await this.verifySession(token)).actor;
  }

  /** As `verifyAccess`, with the time at which the token ends, for what stays open longer than a request. */
  async verifySession(token: string): Promise<{ actor: Actor; expiresAt: Date }> {
    const claims = await this.verified(token);
    return { actor: await this.actorOf(claims), expiresAt: new Date(claims.exp * 1000) };
  }

  /** The secret that must have signed `token`, by the key id in its header. */
  secretFor(token: string): string {
    const decoded: unknown = this.jwt.decode(token, { complete: true });
    const kid = kidOf(decoded);
    const entry = this.config.settings.JWT_SECRETS.find((candidate) => candidate.kid === kid);
    if (entry === undefined) throw refused();
    return entry.secret;
  }

  /**
   * The user behind verified claims, as they are now: a lookup by primary key with every request, so that whoever
   * is disabled, removed or given another role is so at once and on every replica.
   */
  async actorOf(claims: unknown): Promise<Actor> {
    const parsed = accessClaimsSchema.safeParse(claims);
    if (!parsed.success) throw refused();
    const user = await this.users.find(parsed.data.sub);
    if (user === null || user.disabled || user.tokenVersion !== parsed.data.ver) throw refused();
    return { kind: 'user', id: user.id, name: user.username, role: user.role };
  }

  private async verified(token: string): Promise<{ exp: number }> {
    const secret = this.secretFor(token);
    try {
      return expiringSchema.parse(await this.jwt.verifyAsync<object>(token, { ...accessTokenRules, secret }));
    } catch {
      throw refused();
    }
  }
}

function kidOf(decoded: unknown): string | undefined {
  if (typeof decoded !== 'object' || decoded === null || !('header' in decoded)) return undefined;
  const header = decoded.header;
  if (typeof header !== 'object' || header === null || !('kid' in header)) return undefined;
  return typeof header.kid === 'string' ? header.kid : undefined;
}
