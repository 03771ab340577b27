import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Clock,
  newId,
  UserError,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
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
    private readonly audit: AuditLog,
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
    const stored = await this.store(source, mapping);
    this.cache.delete(source);
    return stored;
  }

  /** @throws UserError `not_found`. */
  async remove(source: string): Promise<void> {
    await this.storeRemoval(source);
    this.cache.delete(source);
  }

  @Transactional()
  private async store(source: string, mapping: IngestMapping): Promise<StoredMapping> {
    const now = this.clock.now();
    const before = await this.mappings.find(source);
    await this.mappings.save({ id: newId(), source, mapping, createdAt: now, updatedAt: now });
    const after = await this.mappings.find(source);
    if (after === null) throw noSuchMapping(source);
    await this.audit.record({ action: 'ingest_mapping.stored', ...auditedMapping.stored(before, after) });
    return after;
  }

  @Transactional()
  private async storeRemoval(source: string): Promise<void> {
    const before = await this.mappings.find(source);
    if (before === null || !(await this.mappings.remove(source))) throw noSuchMapping(source);
    await this.audit.record({ action: 'ingest_mapping.removed', ...auditedMapping.removed(before) });
  }
}

const noSuchMapping = (source: string): UserError =>
  new UserError('not_found', `There is no mapping for the source "${source}".`);

const auditedMapping = audited<StoredMapping>()({
  kind: 'ingest_mapping',
  name: ({ source }) => source,
  fields: ['mapping'],
});
