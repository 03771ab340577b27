import type { PermitRole } from '@aiops/contracts';
import { UserError } from '../../platform/index.js';
import type { ApprovalRefusal, ChangeRefusal, Permit } from './access-rules.js';

const rolesAsWords: Record<PermitRole, string> = {
  responder: 'responders and above',
  engineer: 'engineers and above',
  admin: 'administrators',
};

/** `engineers and above, or Ann`: who has a permit, for a sentence. */
export function whoMay({ role, userIds }: Permit, names: ReadonlyMap<string, string>): string {
  const people = userIds.flatMap((id) => names.get(id) ?? []).sort((one, other) => one.localeCompare(other));
  const named = people.length > 1 ? `${people.slice(0, -1).join(', ')} or ${people.at(-1) ?? ''}` : people[0];
  if (role === null) return named === undefined ? 'nobody any more' : `only ${named}`;
  return named === undefined ? rolesAsWords[role] : `${rolesAsWords[role]}, or ${named}`;
}

export const mayNotRun = (runbook: string, who: string): UserError =>
  new UserError('forbidden', `You may not run ${runbook}. Who may: ${who}.`);

export function mayNotApprove(refusal: ApprovalRefusal, runbook: string, who: string): UserError {
  return new UserError('forbidden', `${approvalWords(refusal, runbook)} Who may: ${who}.`);
}

function approvalWords(refusal: ApprovalRefusal, runbook: string): string {
  switch (refusal) {
    case 'no_approver':
      return `You may not approve ${runbook}.`;
    case 'own_request':
      return `You asked for this run yourself, and ${runbook} needs a second person.`;
    case 'key_for_second_person':
      return `${runbook} needs the eyes of a second person, and an API key has none.`;
  }
}

export const mayNotGoOn = (runbook: string, who: string): UserError =>
  new UserError('forbidden', `You may end this run of ${runbook}, and not go on with it. Who may: ${who}.`);

export function mayNotChange(refusal: ChangeRefusal, runbook: string, who: string): UserError {
  const text =
    refusal === 'second_person'
      ? `Only an administrator lets people approve their own runs of ${runbook} again.`
      : `You may make this stricter, and not looser: that is for who may approve ${runbook}. Who may: ${who}.`;
  return new UserError('forbidden', text);
}
