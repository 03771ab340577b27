import { Injectable } from '@nestjs/common';
import { AuditLog, Clock, newId } from '../../platform/index.js';
import { PasswordHashing } from '../password.js';
import { actorOf } from '../token/token.service.js';
import type { User } from '../user/user.repository.js';
import { FactorRepository } from './factor.repository.js';
import { newRecoveryCodes, readRecoveryCode } from './recovery-code.js';

/** Ways in for people without their device; each is good once. */
@Injectable()
export class RecoveryCodes {
  constructor(
    private readonly repository: FactorRepository,
    // Less than 112 bits are hashed as passwords are (OWASP ASVS 5.0, 6.5.2).
    private readonly hashing: PasswordHashing,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** New codes in place of all others, and the only time that they are seen. Belongs into a transaction. */
  async make(user: { id: string; username: string }): Promise<string[]> {
    const codes = newRecoveryCodes();
    const createdAt = this.clock.now();
    const rows = await Promise.all(
      codes.map(async (code) => ({
        id: newId(),
        userId: user.id,
        hash: await this.hashing.hash(code),
        usedAt: null,
        createdAt,
      })),
    );
    await this.repository.replaceCodes(user.id, rows);
    await this.audit.record({
      action: 'user.recovery_codes_made',
      subject: { kind: 'user', id: user.id, name: user.username },
    });
    return codes;
  }

  left(userId: string): Promise<number> {
    return this.repository.countUnusedCodes(userId);
  }

  /** Whether this is a code of the user that was not used yet; it is used now. */
  async use(user: User, typed: string): Promise<boolean> {
    const code = readRecoveryCode(typed);
    if (code === null) return false;
    for (const { id, hash } of await this.repository.unusedCodes(user.id)) {
      if (!(await this.hashing.verify(hash, code))) continue;
      if (!(await this.repository.useCode(id, this.clock.now()))) return false;
      await this.audit.record({
        action: 'user.recovery_code_used',
        subject: { kind: 'user', id: user.id, name: user.username },
        // Nobody is signed in yet; that it was this person is what the code has just proved.
        actor: actorOf(user),
      });
      return true;
    }
    return false;
  }
}
