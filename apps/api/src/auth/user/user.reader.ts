import { Injectable } from '@nestjs/common';
import { UserRepository, type User } from './user.repository.js';

/** What other modules learn of a person. */
export type PersonInfo = Pick<User, 'id' | 'username' | 'displayName' | 'role'>;

/** Questions that other modules have about people. */
@Injectable()
export class UserReader {
  constructor(private readonly repository: UserRepository) {}

  /** Those that are (still) there, in no particular order. */
  byIds(ids: string[]): Promise<PersonInfo[]> {
    return this.repository.findAll({ ids });
  }

  /** @param usernames in lower case */
  byUsernames(usernames: string[]): Promise<PersonInfo[]> {
    return this.repository.findAll({ usernames });
  }
}
