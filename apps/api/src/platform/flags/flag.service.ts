import { Injectable, Logger } from '@nestjs/common';
import type { FeatureFlagInput, FeatureFlagUpdate, ListQuery } from '@aiops/contracts';
import { AuditLog } from '../audit/audit-log.service.js';
import { audited } from '../audit/audit-subject.js';
import { Clock, newId } from '../clock.js';
import { DatabaseSession } from '../database/database-session.js';
import type { Page, Reads, Sparse } from '../database/page.js';
import { UserError } from '../errors/errors.js';
import { EventBus } from '../events/event-bus.service.js';
import type { Actor } from '../http/access.js';
import { FlagSnapshot } from './flag-snapshot.service.js';
import { FeatureFlagRepository, type FeatureFlag } from './flag.repository.js';

/** Where administrators make, change and remove flags. */
@Injectable()
export class FeatureFlagService {
  private readonly logger = new Logger('flags');

  constructor(
    private readonly repository: FeatureFlagRepository,
    private readonly snapshot: FlagSnapshot,
    private readonly session: DatabaseSession,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<FeatureFlag>>> {
    return this.repository.list(query);
  }

  /** Of one flag what was asked for. @throws UserError `not_found` */
  async read(key: string, reads: Reads): Promise<Sparse<FeatureFlag>> {
    const flag = await this.repository.read(key, reads);
    if (flag === null) throw noSuchFlag(key);
    return flag;
  }

  async get(key: string): Promise<FeatureFlag> {
    const flag = await this.repository.find(key);
    if (flag === null) throw noSuchFlag(key);
    return flag;
  }

  async create(input: FeatureFlagInput, actor: Actor): Promise<FeatureFlag> {
    const now = this.clock.now();
    const made = { id: newId(), version: 1, updatedBy: actor.name, createdAt: now, updatedAt: now };
    return this.change(input.key, actor, async () => {
      if ((await this.repository.find(input.key)) !== null) {
        throw new UserError('conflict', `There is already a feature flag "${input.key}".`);
      }
      const flag = { ...made, ...input };
      await this.repository.add(flag);
      await this.audit.record({ action: 'feature_flag.created', ...auditedFlag.made(flag), actor });
      return flag;
    });
  }

  async update(key: string, { version, ...update }: FeatureFlagUpdate, actor: Actor): Promise<FeatureFlag> {
    return this.change(key, actor, async () => {
      const present = await this.get(key);
      const flag: FeatureFlag = {
        ...present,
        description: update.description ?? present.description,
        enabled: update.enabled ?? present.enabled,
        percentage: update.percentage ?? present.percentage,
        version: present.version + 1,
        updatedBy: actor.name,
        updatedAt: this.clock.now(),
      };
      const isSeen = version === undefined || version === present.version;
      if (!isSeen || !(await this.repository.replace(flag))) {
        const by = isSeen ? '' : ` by ${present.updatedBy ?? 'somebody else'}`;
        throw new UserError(
          'conflict',
          `The feature flag "${key}" was changed${by} meanwhile. Read it again.`,
        );
      }
      const change = auditedFlag.changed(present, flag);
      await this.audit.record({ action: 'feature_flag.updated', ...change, actor });
      return flag;
    });
  }

  async remove(key: string, actor: Actor): Promise<void> {
    await this.change(key, actor, async () => {
      const flag = await this.get(key);
      if (!(await this.repository.remove(flag.id))) throw noSuchFlag(key);
      await this.audit.record({ action: 'feature_flag.removed', ...auditedFlag.removed(flag), actor });
      return null;
    });
  }

  /** Stores a change together with its event; it counts in this process at once. */
  private async change<T extends FeatureFlag | null>(
    key: string,
    actor: Actor,
    work: () => Promise<T>,
  ): Promise<T> {
    const flag = await this.session.transaction(async () => {
      const changed = await work();
      await this.events.emit('feature_flag.changed.v1', { key });
      return changed;
    });
    this.snapshot.invalidate();
    const state = flag === null ? 'removed' : { enabled: flag.enabled, percentage: flag.percentage };
    this.logger.log({ flag: key, actor: actor.name, state }, 'feature flag changed');
    return flag;
  }
}

const noSuchFlag = (key: string): UserError =>
  new UserError('not_found', `There is no feature flag "${key}".`);

const auditedFlag = audited<FeatureFlag>()({
  kind: 'feature_flag',
  name: (flag) => flag.key,
  fields: ['key', 'description', 'enabled', 'percentage'],
});
