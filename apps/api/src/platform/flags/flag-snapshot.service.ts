import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { OnLiveEvent } from '../jobs/job.decorators.js';
import { FeatureFlagRepository, type FeatureFlag } from './flag.repository.js';

export type Flags = ReadonlyMap<string, Pick<FeatureFlag, 'key' | 'enabled' | 'percentage'>>;

/** How old what is known may be where every change is announced; a net for what was said while nobody could listen. */
const ANNOUNCED_MS = 10_000;
/** The same in a process that works jobs alone: changes are announced to those that serve the API. */
const UNANNOUNCED_MS = 500;
/** How long what was known serves on, after the database could not be asked, before it is asked again. */
const RETRY_MS = 1_000;

/**
 * All flags, in memory. They are read when one is asked for and what is known is too old or was said to have changed:
 * nothing runs while nobody asks.
 */
@Injectable()
export class FlagSnapshot {
  private readonly logger = new Logger('flags');
  private readonly maxAgeMs: number;
  private flags: Flags | null = null;
  private freshUntil = -Infinity;
  /** Counts the changes that were heard of: what was read before one of them does not know it. */
  private heard = 0;
  private loading: Promise<void> | null = null;

  constructor(
    private readonly repository: FeatureFlagRepository,
    config: AppConfig,
  ) {
    this.maxAgeMs = config.servesApi ? ANNOUNCED_MS : UNANNOUNCED_MS;
  }

  /** The next one who asks gets what is stored by then. */
  @OnLiveEvent('feature_flag.changed.v1')
  invalidate(): void {
    this.heard += 1;
    this.freshUntil = -Infinity;
  }

  /** @throws what the database threw, when nothing was ever read; later on what was last known serves. */
  async current(): Promise<Flags> {
    while (this.flags === null || this.freshUntil <= performance.now()) {
      this.loading ??= this.load().finally(() => (this.loading = null));
      await this.loading;
    }
    return this.flags;
  }

  private async load(): Promise<void> {
    const { heard } = this;
    try {
      const flags = await this.repository.all();
      this.flags = new Map(flags.map((flag) => [flag.key, flag]));
      // A change that was heard of meanwhile may have been stored after this was read.
      if (heard === this.heard) this.freshUntil = performance.now() + this.maxAgeMs;
    } catch (error) {
      if (this.flags === null) throw error;
      this.logger.warn({ err: error }, 'feature flags could not be read; the last known ones hold');
      this.freshUntil = performance.now() + RETRY_MS;
    }
  }
}
