import { Injectable } from '@nestjs/common';
import { UserError } from '../../platform/index.js';
import { BreachList } from './breach-list.service.js';
import { weaknessOf, type PasswordOwner } from './weakness.js';

const ADVICE = 'Take some words that do not belong together, or let a password manager make one.';

/** What a new password must be besides long enough, wherever it comes from. */
@Injectable()
export class PasswordPolicy {
  constructor(private readonly breaches: BreachList) {}

  /** @throws UserError `validation` on `field`, in words for whoever chose it */
  async check(field: string, password: string, owner: PasswordOwner): Promise<void> {
    const weakness = weaknessOf(password, owner);
    if (weakness !== null) throw refused(field, `${weakness} ${ADVICE}`);
    if (await this.breaches.contains(password)) {
      throw refused(field, `It is on a list of passwords that were stolen somewhere. ${ADVICE}`);
    }
  }
}

const refused = (field: string, message: string): UserError =>
  new UserError('validation', `This password is not good enough. ${message}`, [{ field, message }]);
