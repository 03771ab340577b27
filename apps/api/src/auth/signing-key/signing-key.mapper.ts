import type { SigningKeyDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { KeyStanding } from './signing-key.service.js';

const { same, timeOrNull, from } = fieldsOf<KeyStanding>();

/** The secret is not part of it, nor of what it is read from. */
export const signingKeyFields: Fields<KeyStanding, SigningKeyDto> = {
  kid: same('kid'),
  source: same('source'),
  state: from(['signs'], ({ signs }) => (signs ? 'signing' : 'accepted')),
  created_at: timeOrNull('createdAt'),
  retires_at: timeOrNull('retiresAt'),
};
export const toSigningKeyDto = mapperOf(signingKeyFields);
