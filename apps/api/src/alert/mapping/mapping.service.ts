import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { Clock, newId, UserError, type Page, type Reads, type Sparse } from '../../platform/index.js';
import { guessingMapping, type IngestMapping, type StoredMapping } from './mapping.js';
import { IngestMappingRepository } from './mapping.repository.js';

/** How long another process may go on with a mapping that was replaced. */
const CACHE_MS = 5_000;
/** Names come from URLs, so there may be any number. */
const CACHE_ENTRIES = 1_000;

/** How the JSON of generic sources is read. */
@Injectable()
export class IngestMappingService {
  private readonly cache = new Map<string, { mapping: IngestMapping; until: number }>();

  constructor(
    private readonly mappings: IngestMappingRepository,
    private readonly clock: Clock,
  ) {}

  /** The mapping of a source; one that guesses when none is stored. */
  async forSource(source: string): Promise<IngestMapping> {
    const now = this.clock.now().getTime();
    const cached = this.cache.get(source);
    if (cached !== undefined && cached.until > now) return cached.mapping;
    const mapping = (await this.mappings.find(source))?.mapping ?? guessingMapping;
    if (this.cache.size >= CACHE_ENTRIES) this.cache.clear();
    this.cache.set(source, { mapping, until: now + CACHE_MS });
    return mapping;
  }

  list(query: ListQuery & Reads): Promise<Page<Sparse<StoredMapping>>> {
    return this.mappings.list(query);
  }

  /** Of one mapping what was asked for. @throws UserError `not_found` */
  async read(source: string, reads: Reads): Promise<Sparse<StoredMapping>> {
    const found = await this.mappings.read(source, reads);
    if (found === null) throw noSuchMapping(source);
    return found;
  }

  /** Creates the mapping of a source, or replaces it. */
  async put(source: string, mapping: IngestMapping): Promise<StoredMapping> {
    const now = this.clock.now();
    await this.mappings.save({ id: newId(), source, mapping, createdAt: now, updatedAt: now });
    this.cache.delete(source);
    const stored = await this.mappings.find(source);
    if (stored === null) throw noSuchMapping(source);
    return stored;
  }

  /** @throws UserError `not_found`. */
  async remove(source: string): Promise<void> {
    const removed = await this.mappings.remove(source);
    this.cache.delete(source);
    if (!removed) throw noSuchMapping(source);
  }
}

const noSuchMapping = (source: string): UserError =>
  new UserError('not_found', `There is no mapping for the source "${source}".`);
