import type { UserDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { User } from './user.repository.js';

const { same, time, timeOrNull, from } = fieldsOf<User>();

export const userFields: Fields<User, UserDto> = {
  id: same('id'),
  username: same('username'),
  display_name: same('displayName'),
  role: same('role'),
  disabled: same('disabled'),
  has_password: from(['passwordHash'], ({ passwordHash }) => passwordHash !== null),
  must_change_password: same('mustChangePassword'),
  last_login_at: timeOrNull('lastLoginAt'),
  created_at: time('createdAt'),
  updated_at: time('updatedAt'),
};
export const toUserDto = mapperOf(userFields);
