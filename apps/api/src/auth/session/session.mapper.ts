import type { SessionDto } from '@aiops/contracts';
import { type Fields, fieldsOf } from '../../platform/index.js';
import { deviceName } from './device.js';
import type { Session } from './session.repository.js';

const { same, time, from } = fieldsOf<Session>();

/** Of the sessions of a user, one of which may be the one that asks. */
export const sessionFields = (currentId: string | null): Fields<Session, SessionDto> => ({
  id: same('id'),
  device: from(['userAgent'], ({ userAgent }) => deviceName(userAgent)),
  user_agent: same('userAgent'),
  address: same('address'),
  methods: same('methods'),
  created_at: time('createdAt'),
  last_active_at: time('lastActiveAt'),
  expires_at: time('expiresAt'),
  current: from(['id'], ({ id }) => id === currentId),
});
