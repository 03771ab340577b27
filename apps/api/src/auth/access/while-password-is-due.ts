import { SetMetadata } from '@nestjs/common';

export const WHILE_PASSWORD_IS_DUE = Symbol('while-password-is-due');

/** Open also to who must choose a password of their own first; every other route is not. */
export const WhilePasswordIsDue = (): MethodDecorator => SetMetadata(WHILE_PASSWORD_IS_DUE, true);
