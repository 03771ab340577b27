import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { In } from 'typeorm';
import {
  containing,
  DatabaseSession,
  Lists,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { UserEntity } from './user.entity.js';

/** A person who may sign in. */
export type User = Pick<UserEntity, keyof UserEntity>;

/** An arbitrary constant: engines that start together make one first administrator, not two. */
const FIRST_USER_LOCK = 5_210_772;

@Injectable()
export class UserRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<User>>> {
    const builder = this.session.manager.createQueryBuilder(UserEntity, 'user');
    if (query.q !== undefined) {
      builder.andWhere('(user.username ILIKE :like OR user.displayName ILIKE :like)', {
        like: containing(query.q),
      });
    }
    return this.lists.sparse(builder, query, {
      columns: {
        username: { property: 'username', kind: 'text' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: 'username',
    });
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<User> | null> {
    const builder = this.session.manager.createQueryBuilder(UserEntity, 'user').where({ id });
    return this.lists.one(builder, reads);
  }

  find(id: string): Promise<User | null> {
    return this.session.manager.findOneBy(UserEntity, { id });
  }

  /** Those of them that are there. */
  findAll(wanted: { ids: string[] } | { usernames: string[] }): Promise<User[]> {
    const where = 'ids' in wanted ? { id: In(wanted.ids) } : { username: In(wanted.usernames) };
    return this.session.manager.findBy(UserEntity, where);
  }

  findByUsername(username: string): Promise<User | null> {
    return this.session.manager.findOneBy(UserEntity, { username: username.toLowerCase() });
  }

  /** The user, unchanged by anyone else until the transaction ends. */
  findLocked(id: string): Promise<User | null> {
    return this.session.manager.findOne(UserEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Stores a new user. @returns false when the name is taken. */
  async add(user: User): Promise<boolean> {
    const result = await this.session.manager
      .createQueryBuilder()
      .insert()
      .into(UserEntity)
      .values(user)
      .orIgnore()
      .returning('id')
      .execute();
    const inserted: unknown = result.raw;
    return Array.isArray(inserted) && inserted.length === 1;
  }

  async save(user: User): Promise<void> {
    await this.session.manager.save(UserEntity, user);
  }

  async remove(id: string): Promise<void> {
    await this.session.manager.delete(UserEntity, { id });
  }

  async recordLogin(id: string, at: Date): Promise<void> {
    await this.session.manager.update(UserEntity, { id }, { lastLoginAt: at });
  }

  /** Ids of administrators who can sign in, locked until the transaction ends: two cannot remove each other. */
  async lockActiveAdmins(): Promise<string[]> {
    const admins = await this.session.manager.find(UserEntity, {
      where: { role: 'admin', disabled: false },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    return admins.map((admin) => admin.id);
  }

  /** Whether nobody is there yet; whoever asks in a transaction is alone in asking until it ends. */
  async isEmptyLocked(): Promise<boolean> {
    await this.session.manager.query('SELECT pg_advisory_xact_lock($1)', [FIRST_USER_LOCK]);
    return (await this.session.manager.count(UserEntity)) === 0;
  }
}
