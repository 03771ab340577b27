import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ApiKeyScope, Role } from '@aiops/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  ACCESS_POLICY,
  CallContext,
  roleSuffices,
  scopeNeeded,
  UserError,
  WITHOUT_SECOND_FACTOR,
  type AccessPolicy,
  type Actor,
  type RequestWithActor,
} from '../../platform/index.js';
import { ApiKeyAuthenticator } from '../api-key/api-key.authenticator.js';
import { TokenAuthenticator } from '../token/token.authenticator.js';
import { presentedCredential } from './presented-credential.js';
import { WHILE_PASSWORD_IS_DUE } from './while-password-is-due.js';
import { Refusals } from './refusals.service.js';

/** Roles of people who may send alerts by hand, without a sender's key. */
const INGEST_ROLE = 'engineer';

/** Stands before every route and lets in whom its policy names; a route without a policy lets in nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenAuthenticator,
    private readonly apiKeys: ApiKeyAuthenticator,
    private readonly calls: CallContext,
    private readonly refusals: Refusals,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    // A socket shows its token once, when it connects: see the gateway.
    if (context.getType() !== 'http') return true;
    const policy = this.reflector.getAllAndOverride<AccessPolicy | undefined>(ACCESS_POLICY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (policy === undefined) throw new UserError('forbidden', 'This route does not say who may call it.');
    if (policy.kind === 'public') return true;
    return this.admit(context, policy);
  }

  private async admit(
    context: ExecutionContext,
    policy: Exclude<AccessPolicy, { kind: 'public' }>,
  ): Promise<true> {
    try {
      const { method } = context.switchToHttp().getRequest<FastifyRequest>();
      const actor = await this.identify(context, scopeNeeded(policy, method));
      this.requireOwnPassword(context);
      this.requireSecondFactor(context);
      if (policy.kind === 'role') requireRole(actor, policy.role);
      else requireSender(actor);
      return true;
    } catch (error) {
      if (error instanceof UserError && error.code === 'unauthenticated') challenge(context, policy.kind);
      if (error instanceof UserError && error.code === 'forbidden') {
        await this.refusals.record(context.switchToHttp().getRequest<FastifyRequest>(), error.message);
      }
      throw error;
    }
  }

  private requireSecondFactor(context: ExecutionContext): void {
    if (context.switchToHttp().getRequest<RequestWithActor>().lacksSecondFactor !== true) return;
    if (this.reflector.get<boolean | undefined>(WITHOUT_SECOND_FACTOR, context.getHandler()) === true) return;
    throw new UserError('second_factor_required', 'Your role needs a second factor. Set one up first.');
  }

  private async identify(context: ExecutionContext, scope: ApiKeyScope): Promise<Actor> {
    const request = context.switchToHttp().getRequest<RequestWithActor & { ip: string }>();
    const credential = presentedCredential(request, scope === 'ingest');
    if (credential.kind === 'none') throw new UserError('unauthenticated', 'Sign in, or send an API key.');
    if (credential.kind === 'api_key') {
      request.actor = await this.apiKeys.authenticate(credential.key, scope, request.ip);
    } else {
      const identity = await this.tokens.authenticate(request);
      request.actor = identity.actor;
      request.sessionId = identity.sessionId;
      request.isPasswordDue = identity.mustChangePassword;
      request.lacksSecondFactor = identity.lacksSecondFactor;
    }
    request.learnCaller?.(request.actor);
    this.calls.identify(request.actor);
    return request.actor;
  }

  /** A password that somebody else knows is good for one thing (OWASP ASVS 5.0, 6.4.1 and 6.4.6). */
  private requireOwnPassword(context: ExecutionContext): void {
    const { isPasswordDue } = context.switchToHttp().getRequest<RequestWithActor>();
    if (isPasswordDue !== true || this.reflector.get(WHILE_PASSWORD_IS_DUE, context.getHandler()) === true)
      return;
    throw new UserError('forbidden', 'Choose a password of your own first: POST /api/v1/auth/password.');
  }
}

function requireRole(actor: Actor, role: Role): void {
  if (roleSuffices(actor.role, role)) return;
  throw new UserError('forbidden', `This needs the role ${role}; yours is ${actor.role}.`);
}

function requireSender(actor: Actor): void {
  if (actor.kind !== 'user' || roleSuffices(actor.role, INGEST_ROLE)) return;
  throw new UserError('forbidden', `Sending alerts needs an API key or the role ${INGEST_ROLE}.`);
}

/** RFC 9110 wants every 401 to say what would be accepted. */
function challenge(context: ExecutionContext, kind: 'ingest' | 'role'): void {
  const reply = context.switchToHttp().getResponse<FastifyReply>();
  const schemes = kind === 'ingest' ? 'Bearer realm="aiops", Basic realm="aiops"' : 'Bearer realm="aiops"';
  void reply.header('WWW-Authenticate', schemes);
}
