import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { z } from 'zod';
import { AppConfig, UserError, type Actor } from '../../platform/index.js';
import { Keyring } from '../signing-key/keyring.js';
import { UserRepository, type User } from '../user/user.repository.js';
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

/** Makes access tokens and tells whose they are. */
@Injectable()
export class TokenService {
  constructor(
    private readonly config: AppConfig,
    private readonly jwt: JwtService,
    private readonly keyring: Keyring,
    private readonly users: UserRepository,
  ) {}

  /** A token for `user`, signed with the newest key; `expiresIn` in seconds. */
  async issueAccess(user: User): Promise<{ token: string; expiresIn: number }> {
    const { kid, secret } = await this.keyring.signer();
    const expiresIn = Math.floor(this.config.settings.ACCESS_TOKEN_LIFETIME_MS / 1000);
    const token = await this.jwt.signAsync(
      { name: user.username, role: user.role, ver: user.tokenVersion },
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
  async secretFor(token: string): Promise<string> {
    const decoded = decodedSchema.safeParse(this.jwt.decode<unknown>(token, { complete: true }));
    const key = decoded.success ? await this.keyring.find(decoded.data.header.kid) : null;
    if (key === null) throw refused();
    return key.secret;
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
    const secret = await this.secretFor(token);
    try {
      return expiringSchema.parse(await this.jwt.verifyAsync<object>(token, { ...accessTokenRules, secret }));
    } catch {
      throw refused();
    }
  }
}
