import { Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { UserError } from '../../platform/index.js';

/** Accepts a valid access token and puts its holder on the request as `actor`. */
@Injectable()
export class JwtGuard extends AuthGuard('jwt') {
  override handleRequest<T>(error: unknown, actor: T | false): T {
    if (error instanceof Error) throw error;
    if (actor === false) {
      throw new UserError('unauthenticated', 'The access token is not valid any more. Sign in again.');
    }
    return actor;
  }
}
