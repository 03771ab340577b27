import { apiKeyScopeSchema, roleSchema, type ApiKeyScope, type Role } from '@aiops/contracts';
import type { RouteAccess } from './access-table.js';

/** Somebody who calls: nobody in particular, a person, or an API key. */
export type Caller =
  | { kind: 'anonymous' }
  | { kind: 'person'; role: Role }
  | { kind: 'key'; role: Role; scopes: readonly ApiKeyScope[] };

/** The kinds of callers that `accessTable` is about: everybody by role, an administrator's key by scope, and every role's key for everything. */
export const callers: readonly Caller[] = [
  { kind: 'anonymous' },
  ...roleSchema.options.map((role): Caller => ({ kind: 'person', role })),
  ...apiKeyScopeSchema.options.map((scope): Caller => ({ kind: 'key', role: 'admin', scopes: [scope] })),
  ...roleSchema.options.map((role): Caller => ({ kind: 'key', role, scopes: ['api', 'ingest'] })),
];

export function nameOf(caller: Caller): string {
  if (caller.kind === 'anonymous') return 'anonymous';
  if (caller.kind === 'person') return caller.role;
  return `a key with the role ${caller.role} for ${caller.scopes.join(' and ')}`;
}

/** Whether the table lets `caller` call a route; whether the thing asked for exists, or may be done now, is another matter. */
export function mayCall(caller: Caller, access: RouteAccess): boolean {
  if (access === 'anybody') return true;
  if (caller.kind === 'anonymous') return false;
  const [role, scope] = access;
  const ranks = roleSchema.options;
  const hasRole = ranks.indexOf(caller.role) >= ranks.indexOf(role);
  if (caller.kind === 'person') return hasRole;
  // Whoever sends alerts does so by the scope alone: a sender is no engineer.
  if (scope === 'ingest') return caller.scopes.includes('ingest');
  return hasRole && (caller.scopes.includes(scope) || caller.scopes.includes('api'));
}
