import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { UserError, type Actor, type RequestWithActor } from '../../platform/index.js';

/** A person, and the session in which they act. */
export interface SessionOfCaller {
  userId: string;
  sessionId: string;
}

/** Injects the session of whoever calls. @throws UserError `not_found` for an API key, which has none. */
export const CurrentSession = createParamDecorator(
  (_data: unknown, context: ExecutionContext): SessionOfCaller => {
    const { actor, sessionId } = context.switchToHttp().getRequest<RequestWithActor>();
    return sessionOf(actor, sessionId);
  },
);

function sessionOf(actor: Actor | undefined, sessionId: string | undefined): SessionOfCaller {
  if (actor?.kind !== 'user' || actor.id === null || sessionId === undefined) {
    throw new UserError('not_found', 'An API key acts here, which has no sessions.');
  }
  return { userId: actor.id, sessionId };
}
