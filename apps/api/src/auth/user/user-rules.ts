import type { Role } from '@aiops/contracts';

interface Standing {
  id: string;
  role: Role;
  disabled: boolean;
}

/** What an administrator wants to do to a user; undefined leaves as it is. */
export interface StandingChange {
  role?: Role | undefined;
  disabled?: boolean | undefined;
  removed?: boolean | undefined;
}

/**
 * Why a change to a user must not be made, or null. Nobody takes their own access away by a slip, and one
 * administrator who can sign in always remains.
 */
export function whyNotChange(
  user: Standing,
  change: StandingChange,
  by: { userId: string | null; activeAdminIds: readonly string[] },
): string | null {
  const staysAdmin =
    change.removed !== true && !(change.disabled ?? user.disabled) && (change.role ?? user.role) === 'admin';
  if (user.id === by.userId) {
    if (change.removed === true) return 'You cannot remove yourself.';
    if (change.disabled === true) return 'You cannot disable yourself.';
    if (change.role !== undefined && change.role !== user.role) return 'You cannot change your own role.';
  }
  const isLast = by.activeAdminIds.length === 1 && by.activeAdminIds[0] === user.id;
  if (isLast && !staysAdmin) return 'This is the last administrator who can sign in. Make another one first.';
  return null;
}
