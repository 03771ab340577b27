import { Injectable, Logger } from '@nestjs/common';
import { AppConfig, Clock, UserError } from '../../platform/index.js';
import { guessingMapping } from '../mapping/mapping.js';
import { IngestMappingService } from '../mapping/mapping.service.js';
import type { IngestAdapter, Reading } from './adapter.js';
import { IngestQueue } from './ingest.queue.js';

/** Takes a message in: read, store, and only then say so. */
@Injectable()
export class IngestService {
  private readonly logger = new Logger('ingest');

  constructor(
    private readonly queue: IngestQueue,
    private readonly mappings: IngestMappingService,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores every alert of a message that can be stored.
   * @param source names the sender where the adapter serves many; otherwise the adapter's own name.
   * @returns how many were stored.
   * @throws UserError `validation` naming what could not be taken; the rest is stored. OperationalError when
   * nothing can be stored now.
   */
  async receive(adapter: IngestAdapter, body: unknown, source: string): Promise<number> {
    const mapping = adapter.usesMapping ? await this.mappings.forSource(source) : guessingMapping;
    const resolveTimeoutMs = this.config.settings.RESOLVE_TIMEOUT_MS;
    const reading = adapter.read(body, { now: this.clock.now(), resolveTimeoutMs, source, mapping });
    for (const warning of reading.warnings) this.logger.warn(warning);
    if (reading.deliveries.length > 0) await this.queue.submit(reading.deliveries);
    if (reading.rejected.length > 0) throw refusal(reading);
    return reading.deliveries.length;
  }
}

/** Says which alerts were not stored and why; the others were. */
function refusal({ deliveries, rejected }: Reading): UserError {
  const stored = deliveries.length;
  const indexes = rejected.map(({ index }) => index);
  const shown = indexes.slice(0, 50).join(', ') + (indexes.length > 50 ? ', …' : '');
  const which = `${rejected.length} of ${stored + rejected.length} alerts were not stored (index ${shown})`;
  const rest =
    stored === 0 ? 'Nothing was stored' : `The other ${stored} ${stored === 1 ? 'was' : 'were'} stored`;
  const errors = rejected.flatMap((rejection) => rejection.errors);
  return new UserError('validation', `${which}. ${rest}.`, errors);
}
