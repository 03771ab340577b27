import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Actor } from '../../platform/index.js';
import { accessTokenRules } from './access-claims.js';
import { TokenService } from './token.service.js';

/** Passport's way in for access tokens: `Authorization: Bearer <token>`. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(private readonly tokens: TokenService) {
    super({
      ...accessTokenRules,
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_request, token: string, done) => {
        tokens.secretFor(token).then(
          (secret) => done(null, secret),
          (error: unknown) => done(error),
        );
      },
    });
  }

  validate(claims: unknown): Promise<Actor> {
    return this.tokens.actorOf(claims);
  }
}
