import { Injectable } from '@nestjs/common';
import { DatabaseSession } from '../../database/database-session.js';
import type { SealedSecret } from '../secret-box.js';
import type { SealedStore } from './sealed-store.js';

export interface SealedRow extends SealedSecret {
  id: string;
}

/** Secrets at rest, in whatever table they are. */
@Injectable()
export class SealedRowsRepository {
  constructor(private readonly session: DatabaseSession) {}

  /** How many secrets of a store are under which key. */
  countByKey({ table, keyId }: SealedStore): Promise<{ keyId: string; count: number }[]> {
    return this.session.manager.query(
      `SELECT "${keyId}" AS "keyId", count(*)::int AS count FROM "${table}"
       WHERE "${keyId}" IS NOT NULL GROUP BY 1 ORDER BY 1`,
    );
  }

  /** The next ones under another key than `newest`, by id. */
  underOtherKeys(store: SealedStore, newest: string, after: string | null): Promise<SealedRow[]> {
    const { table, id, keyId, sealed } = store;
    return this.session.manager.query(
      `SELECT "${id}"::text AS id, "${keyId}" AS "keyId", "${sealed}" AS sealed FROM "${table}"
       WHERE "${keyId}" <> $1 AND ($2::text IS NULL OR "${id}"::text > $2) ORDER BY "${id}"::text LIMIT 200`,
      [newest, after],
    );
  }

  /** @returns false when somebody stored another secret meanwhile, which then is under the newest key anyway. */
  async replace(store: SealedStore, row: SealedRow, anew: SealedSecret): Promise<boolean> {
    const { table, id, keyId, sealed } = store;
    const [, count] = await this.session.manager.query<[unknown, number]>(
      `UPDATE "${table}" SET "${keyId}" = $1, "${sealed}" = $2 WHERE "${id}"::text = $3 AND "${sealed}" = $4`,
      [anew.keyId, anew.sealed, row.id, row.sealed],
    );
    return count === 1;
  }
}
