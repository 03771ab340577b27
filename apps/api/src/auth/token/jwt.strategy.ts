import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { accessTokenRules } from './access-claims.js';
import { TokenService, type Identity } from './token.service.js';

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

  validate(claims: unknown): Promise<Identity> {
    return this.tokens.identityOf(claims);
  }
}
