import { Injectable } from '@nestjs/common';
import { In, LessThan } from 'typeorm';
import { DatabaseSession } from '../../platform/index.js';
import { LoginThrottleEntity } from './login-throttle.entity.js';
import type { Attempts } from './throttle-rules.js';

@Injectable()
export class LoginThrottleRepository {
  constructor(private readonly session: DatabaseSession) {}

  /**
   * What is known under these keys, unchanged by anybody else until the transaction ends. The keys are locked and not the
   * rows, which come and go; in one order for everybody, so that nobody waits for somebody who waits for them.
   */
  async lock(keys: readonly string[]): Promise<Map<string, Attempts>> {
    for (const key of [...keys].sort()) {
      await this.session.manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
    }
    const rows = await this.session.manager.findBy(LoginThrottleEntity, { key: In([...keys]) });
    return new Map(rows.map(({ key, ...attempts }) => [key, attempts]));
  }

  /** Belongs into the transaction that locked the keys. */
  async store(entries: readonly (readonly [key: string, attempts: Attempts])[]): Promise<void> {
    await this.session.manager.upsert(
      LoginThrottleEntity,
      entries.map(([key, attempts]) => ({ key, ...attempts })),
      ['key'],
    );
  }

  /** As `store`. */
  async remove(keys: readonly string[]): Promise<void> {
    await this.session.manager.delete(LoginThrottleEntity, { key: In([...keys]) });
  }

  /** Removes what nobody added to since `at`. @returns how many */
  async removeQuiet(at: Date): Promise<number> {
    return (await this.session.manager.delete(LoginThrottleEntity, { lastAt: LessThan(at) })).affected ?? 0;
  }
}
