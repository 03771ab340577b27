import type { Letter } from './invitation-mail.js';
import type { Invitation } from './invitation.repository.js';

/** What somebody reads who is invited, or whose password is reset. */
export function letterOf(invitation: Invitation, to: string, link: string, now: Date): Letter {
  const { kind, username, role, createdBy } = invitation;
  const hours = Math.round((invitation.expiresAt.getTime() - now.getTime()) / 3_600_000);
  const until = hours >= 48 ? `${Math.round(hours / 24)} days` : `${hours} hours`;
  const good = `Open this address within ${until} to choose a password. It is good once, and for whoever has it: do not pass it on.`;
  return kind === 'invitation'
    ? {
        to,
        subject: 'You are invited to AIOps',
        lines: [`${createdBy} invites you as "${username}" with the role ${role}.`, good],
        link,
      }
    : {
        to,
        subject: 'Choose a new password for AIOps',
        lines: [
          `${createdBy} lets you choose a new password for the user "${username}".`,
          good,
          'Until then the old one stays as it is. If you did not ask for this, tell an administrator.',
        ],
        link,
      };
}
