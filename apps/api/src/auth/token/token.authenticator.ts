import { Injectable } from '@nestjs/common';
import passport from 'passport';
import { UserError } from '../../platform/index.js';
import { JwtStrategy } from './jwt.strategy.js';
import type { Identity } from './token.service.js';

type Middleware = (request: object, reply: object, next: (error: unknown) => void) => void;

/**
 * Tells whose access token a request carries. Passport is given the strategy itself and not its name: names live in
 * one registry per process, where two engines would get each other's secrets.
 */
@Injectable()
export class TokenAuthenticator {
  constructor(private readonly strategy: JwtStrategy) {}

  /** @throws UserError `unauthenticated` when there is no good token in the `Authorization` header. */
  authenticate(request: { headers: Record<string, string | string[] | undefined> }): Promise<Identity> {
    return new Promise((resolve, reject) => {
      const decide = (error: unknown, identity: Identity | false | null): void => {
        if (error instanceof Error) reject(error);
        else if (identity) resolve(identity);
        else
          reject(new UserError('unauthenticated', 'The access token is not valid any more. Sign in again.'));
      };
      // One for this request alone: Passport hangs the request's outcome on the strategy that it is given.
      const strategy = Object.create(this.strategy) as JwtStrategy;
      const middleware = passport.authenticate(strategy, { session: false }, decide) as Middleware;
      middleware({ headers: request.headers }, {}, (error) =>
        reject(error instanceof Error ? error : new Error(String(error))),
      );
    });
  }
}
