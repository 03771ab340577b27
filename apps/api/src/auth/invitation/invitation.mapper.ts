import type { InvitationDto } from '@aiops/contracts';
import { type Fields, fieldsOf } from '../../platform/index.js';
import { stateOf } from './invitation-rules.js';
import type { Invitation } from './invitation.repository.js';

const { same, time, timeOrNull, from } = fieldsOf<Invitation>();

/** As they stand at this time. */
export const invitationFields = (now: Date): Fields<Invitation, InvitationDto> => ({
  id: same('id'),
  kind: same('kind'),
  username: same('username'),
  display_name: same('displayName'),
  role: same('role'),
  email: same('email'),
  state: from(['expiresAt', 'acceptedAt', 'revokedAt'], (link) => stateOf(link, now)),
  created_by: same('createdBy'),
  created_at: time('createdAt'),
  expires_at: time('expiresAt'),
  sent_at: timeOrNull('sentAt'),
  accepted_at: timeOrNull('acceptedAt'),
});
