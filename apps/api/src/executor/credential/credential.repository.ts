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
import { CredentialEntity } from './credential.entity.js';

export type Credential = Pick<CredentialEntity, keyof CredentialEntity>;

@Injectable()
export class CredentialRepository {
  constructor(
    private readonly session: DatabaseSession,
    private readonly lists: Lists,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Credential>>> {
    const builder = this.session.manager.createQueryBuilder(CredentialEntity, 'credential');
    if (query.q !== undefined) builder.andWhere('credential.name ILIKE :like', { like: containing(query.q) });
    return this.lists.sparse(builder, query, {
      columns: {
        name: { property: 'name', kind: 'text' },
        created_at: { property: 'createdAt', kind: 'time' },
      },
      fallback: 'name',
    });
  }

  /** Of one row what was asked for. */
  read(id: string, reads: Reads): Promise<Sparse<Credential> | null> {
    const builder = this.session.manager.createQueryBuilder(CredentialEntity, 'credential').where({ id });
    return this.lists.one(builder, reads);
  }

  find(id: string): Promise<Credential | null> {
    return this.session.manager.findOneBy(CredentialEntity, { id });
  }

  findByNames(names: string[]): Promise<Credential[]> {
    return this.session.manager.findBy(CredentialEntity, { name: In(names) });
  }

  async save(credential: Credential): Promise<void> {
    await this.session.manager.save(CredentialEntity, credential);
  }

  async remove(id: string): Promise<void> {
    await this.session.manager.delete(CredentialEntity, { id });
  }
}
