import { Injectable } from '@nestjs/common';
import { Transactional } from '@nestjs-cls/transactional';
import { AuditLog } from '../../audit/audit-log.service.js';
import { messageOf } from '../../errors/errors.js';
import { SecretBox } from '../secret-box.js';
import { SealedRowsRepository, type SealedRow } from './sealed-rows.repository.js';
import type { SealedStore } from './sealed-store.js';

export interface StoreStatus {
  table: string;
  /** Secrets by the id of the key they are under. */
  keys: { keyId: string; count: number }[];
}

export interface RewrapResult {
  rewrapped: number;
  /** What could not be: its key is gone, or its bytes were changed. It stays as it is. */
  failed: { table: string; id: string; error: string }[];
}

/** Puts every stored secret under the newest encryption key, while the engine works on. */
@Injectable()
export class Rewrapper {
  constructor(
    private readonly box: SecretBox,
    private readonly rows: SealedRowsRepository,
    private readonly audit: AuditLog,
  ) {}

  get newestKeyId(): string {
    return this.box.newestKeyId;
  }

  status(stores: readonly SealedStore[]): Promise<StoreStatus[]> {
    return Promise.all(
      stores.map(async (store) => ({ table: store.table, keys: await this.rows.countByKey(store) })),
    );
  }

  /** Can be stopped and begun again at any time: what is done stays done. */
  async rewrap(stores: readonly SealedStore[]): Promise<RewrapResult> {
    const result: RewrapResult = { rewrapped: 0, failed: [] };
    for (const store of stores) await this.rewrapStore(store, result);
    await this.tell(result);
    return result;
  }

  private async rewrapStore(store: SealedStore, result: RewrapResult): Promise<void> {
    let after: string | null = null;
    for (;;) {
      const batch: SealedRow[] = await this.rows.underOtherKeys(store, this.box.newestKeyId, after);
      const last = batch.at(-1);
      if (last === undefined) return;
      after = last.id;
      for (const row of batch) {
        try {
          const anew = this.box.rewrap(row, store.context(row.id));
          if (await this.rows.replace(store, row, anew)) result.rewrapped += 1;
        } catch (error) {
          result.failed.push({ table: store.table, id: row.id, error: messageOf(error) });
        }
      }
    }
  }

  @Transactional()
  private async tell({ rewrapped, failed }: RewrapResult): Promise<void> {
    await this.audit.record({
      action: 'encryption_key.rewrapped',
      subject: { kind: 'encryption_key', id: null, name: this.box.newestKeyId },
      outcome: failed.length === 0 ? 'succeeded' : 'failed',
      reason: `${rewrapped} secrets rewrapped, ${failed.length} not`,
    });
  }
}
