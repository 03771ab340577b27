import type { PermitRole, RunbookRisk } from '@aiops/contracts';
import { roleSuffices, rolesInOrder, type Actor, type FieldError } from '../../platform/index.js';

/** Whoever has this role or one above it, and the named people besides; without a role only they. */
export interface Permit {
  role: PermitRole | null;
  userIds: string[];
}

/** Who may run and approve one runbook; settings beside its YAML. */
export interface RunbookAccess {
  /** What a run can break: `high` is approved by engineers and above, or by people who are named. */
  risk: RunbookRisk;
  run: Permit;
  approve: Permit;
  /** Whether who asked for a run may approve it; if not, every run that a person starts needs a second one. */
  selfApproval: boolean;
}

type Somebody = Pick<Actor, 'kind' | 'id' | 'role'>;

/** Who asked for a run, and for a key the person who made it. */
export interface Requester {
  kind: Actor['kind'];
  id: string | null;
  makerId?: string | null;
}

/** The least role that may approve where nobody set anything. */
const APPROVES: Record<RunbookRisk, PermitRole> = { low: 'responder', high: 'engineer' };

/**
 * What holds until somebody sets something: the risk is high, so that a responder cannot approve it, unless the runbook
 * itself says that nobody is to be asked (`approval: never`, and then no step of it can ask either).
 */
export function defaultAccess(approval: 'required' | 'by_rule' | 'never'): RunbookAccess {
  const risk = approval === 'never' ? 'low' : 'high';
  return {
    risk,
    run: { role: 'responder', userIds: [] },
    approve: { role: APPROVES[risk], userIds: [] },
    selfApproval: true,
  };
}

const permits = ({ role, userIds }: Permit, who: Somebody): boolean =>
  (role !== null && roleSuffices(who.role, role)) ||
  (who.kind === 'user' && who.id !== null && userIds.includes(who.id));

export const mayRun = ({ run }: RunbookAccess, who: Somebody): boolean => permits(run, who);

/** Whether somebody may approve runs of the runbook, those that they asked for themselves aside. */
export const isApprover = ({ approve }: RunbookAccess, who: Somebody): boolean => permits(approve, who);

export type ApprovalRefusal = 'no_approver' | 'own_request' | 'key_for_second_person';

/**
 * Why somebody must not approve a run that `requester` asked for, or null. Where a second person is demanded an API key
 * does not count as one, and whoever made the key that asked is not a second one.
 */
export function whyNotApprove(
  access: RunbookAccess,
  who: Somebody,
  requester: Requester,
): ApprovalRefusal | null {
  if (!isApprover(access, who)) return 'no_approver';
  if (access.selfApproval) return null;
  if (who.kind !== 'user') return 'key_for_second_person';
  const asked = requester.kind === 'user' ? requester.id : (requester.makerId ?? null);
  return asked === who.id ? 'own_request' : null;
}

/** A run goes ahead unasked only for who could approve it. */
export const mustAsk = (access: RunbookAccess, who: Somebody): boolean =>
  whyNotApprove(access, who, who) !== null;

/** What is wrong with settings, by field. */
export function faultsOf(access: RunbookAccess): FieldError[] {
  const faults: FieldError[] = [];
  for (const field of ['run', 'approve'] as const) {
    const { role, userIds } = access[field];
    if (role === null && userIds.length === 0)
      faults.push({ field: `${field}.users`, message: 'Without a role name somebody: nobody could do it' });
  }
  const { role } = access.approve;
  if (access.risk === 'high' && role !== null && !roleSuffices(role, APPROVES.high)) {
    const message = 'What has a high risk is approved by engineers and above; name others one by one';
    faults.push({ field: 'approve.role', message });
  }
  return faults;
}

export type ChangeRefusal = 'no_approver' | 'second_person';

/**
 * Why somebody must not change the settings so, or null. Anybody who may write runbooks may make them stricter; looser
 * only who may approve as things stand, and only an administrator does away with the second person.
 */
export function whyNotChange(
  before: RunbookAccess,
  after: RunbookAccess,
  who: Somebody,
): ChangeRefusal | null {
  if (who.role === 'admin') return null;
  if (after.selfApproval && !before.selfApproval) return 'second_person';
  return isLooser(before, after) && !isApprover(before, who) ? 'no_approver' : null;
}

const isLooser = (before: RunbookAccess, after: RunbookAccess): boolean =>
  (before.risk === 'high' && after.risk === 'low') ||
  isWider(before.run, after.run) ||
  isWider(before.approve, after.approve);

const rank = (role: PermitRole | null): number => (role === null ? Infinity : rolesInOrder.indexOf(role));

const isWider = (before: Permit, after: Permit): boolean =>
  rank(after.role) < rank(before.role) || after.userIds.some((id) => !before.userIds.includes(id));
