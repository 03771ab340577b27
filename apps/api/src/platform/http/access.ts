import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { ApiKeyScope, Role } from '@aiops/contracts';

/** Who acts: a person, a sender's key, a rule or the engine itself. */
export interface Actor {
  kind: 'user' | 'api_key' | 'rule' | 'system';
  id: string | null;
  name: string;
  role: Role;
}

/** The engine's own doings. */
export const systemActor: Actor = { kind: 'system', id: null, name: 'AIOps', role: 'admin' };

/** What an API key must be for, besides having the role; a person's token is for everything. */
export type RouteScope = Exclude<ApiKeyScope, 'ingest'>;

export type AccessPolicy =
  { kind: 'public' } | { kind: 'ingest' } | { kind: 'role'; role: Role; scope?: RouteScope | undefined };
export const ACCESS_POLICY = Symbol('access-policy');

/** Roles from least to most; a role may do what those before it may. */
export const rolesInOrder: readonly Role[] = ['viewer', 'responder', 'engineer', 'admin'];

/** Whether somebody with `role` may do what asks for `needed`. */
export function roleSuffices(role: Role, needed: Role): boolean {
  return rolesInOrder.indexOf(role) >= rolesInOrder.indexOf(needed);
}

/**
 * The scope that an API key needs for a route: the one that the route names, and otherwise by what it does. Whoever adds
 * a route and thinks of no scope gets the one that fewest keys have.
 */
export function scopeNeeded(policy: AccessPolicy, method: string): ApiKeyScope {
  if (policy.kind === 'ingest') return 'ingest';
  if (policy.kind === 'role' && policy.scope !== undefined) return policy.scope;
  return method === 'GET' || method === 'HEAD' ? 'read' : 'manage';
}

/** Whether a key with these scopes may do what needs `needed`: `api` is all of them but sending alerts. */
export function scopesSuffice(scopes: readonly ApiKeyScope[], needed: ApiKeyScope): boolean {
  return scopes.includes(needed) || (needed !== 'ingest' && scopes.includes('api'));
}

/**
 * States who may call a route: this role and those above, and API keys of such a role with the scope. Every route has
 * exactly one of `Allow`, `AllowIngest` and `Public`.
 */
export const Allow = (role: Role, scope?: RouteScope) =>
  SetMetadata(ACCESS_POLICY, { kind: 'role', role, scope } satisfies AccessPolicy);

/** Senders of alerts: an API key with the scope `ingest`, also as basic password or `?key=`. */
export const AllowIngest = () => SetMetadata(ACCESS_POLICY, { kind: 'ingest' } satisfies AccessPolicy);

/** Open to anyone. A test lists the public routes by name. */
export const Public = () => SetMetadata(ACCESS_POLICY, { kind: 'public' } satisfies AccessPolicy);

export const WITHOUT_SECOND_FACTOR = Symbol('without-second-factor');

/** Lets in also whose role needs a second factor and who has none yet: for what it takes to set one up, and to leave. */
export const WithoutSecondFactor = () => SetMetadata(WITHOUT_SECOND_FACTOR, true);

/** The request as our handlers see it; the guard sets `actor`. */
export interface RequestWithActor {
  actor?: Actor;
  /** The session in which a person calls. */
  sessionId?: string;
  /** Whether they may do nothing yet but choose a password of their own. */
  isPasswordDue?: boolean;
  lacksSecondFactor?: boolean;
  headers: Record<string, string | string[] | undefined>;
  query: unknown;
  /** Whoever finds out who calls says it here, when it is there. */
  learnCaller?: ((actor: Actor) => void) | null;
}

/** Injects who calls. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<RequestWithActor>();
  if (request.actor === undefined) throw new Error('CurrentActor on a route without a guard');
  return request.actor;
});
