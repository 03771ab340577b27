import { Injectable } from '@nestjs/common';
import type { AlertChange, BulkResult } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Clock,
  DatabaseSession,
  EventBus,
  inBulk,
  UserError,
  type Actor,
} from '../../platform/index.js';
import type { Alert } from '../alert.js';
import { AlertReader } from '../alert.reader.js';
import { AlertRepository, type LifecyclePatch } from '../alert.repository.js';
import { AlertTimeline } from '../timeline/alert-timeline.service.js';
import { transition, type LifecycleAction } from './transition.js';

interface Words {
  kind: AlertChange['kind'];
  entry: 'acknowledged' | 'unacknowledged' | 'resolved';
  summary: string;
}

const words: Record<LifecycleAction, Words> = {
  acknowledge: { kind: 'acknowledged', entry: 'acknowledged', summary: 'Acknowledged' },
  unacknowledge: { kind: 'updated', entry: 'unacknowledged', summary: 'Acknowledgement taken back' },
  resolve: { kind: 'resolved', entry: 'resolved', summary: 'Resolved by hand' },
};

const auditedAlert = audited<Alert>()({
  kind: 'alert',
  name: (alert) => alert.alertName,
  fields: ['alertName', 'severity', 'status', 'source', 'fingerprint', 'labels', 'acknowledgedBy'],
});

type Failure = { id: string; code: 'not_found' | 'conflict'; error: string };

/** What people do to alerts, one or a thousand at a time. */
@Injectable()
export class AlertLifecycle {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly reader: AlertReader,
    private readonly timeline: AlertTimeline,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly session: DatabaseSession,
    private readonly audit: AuditLog,
  ) {}

  /** @throws UserError `not_found`, or `conflict` when the alert's state forbids it. */
  @Transactional()
  async change(id: string, action: LifecycleAction, actor: Actor, note?: string): Promise<Alert> {
    const { failed } = await this.apply([id], action, actor, note);
    const [failure] = failed;
    if (failure?.code === 'not_found') throw UserError.notFound('alert', id);
    if (failure !== undefined) throw new UserError('conflict', failure.error);
    return this.reader.get(id);
  }

  /** Changes those that can be changed and says for each other one why not. */
  changeMany(ids: string[], action: LifecycleAction, actor: Actor, note?: string): Promise<BulkResult> {
    return inBulk(this.session, ids, { what: 'alert' }, async (chunk) => {
      const { failed } = await this.apply(chunk, action, actor, note);
      return failed.map(({ id, error }) => ({ id, error }));
    });
  }

  /** Removes alerts with their timelines for good; one that still fires comes back as a new alert. */
  deleteMany(ids: string[], note?: string): Promise<BulkResult> {
    return inBulk(this.session, ids, { what: 'alert' }, async (chunk) => {
      const { found, failed } = await this.lock(chunk);
      const there = found.map((alert) => alert.id);
      if (there.length > 0) {
        await this.alerts.remove(there);
        const changes = there.map((id) => ({ alert_id: id, kind: 'deleted' as const }));
        await this.audit.recordAll(
          found.map((alert) => ({ action: 'alert.deleted', ...auditedAlert.removed(alert), reason: note })),
        );
        await this.events.emit('alert.changed.v1', { changes });
      }
      return failed.map(({ id, error }) => ({ id, error }));
    });
  }

  private async apply(ids: string[], action: LifecycleAction, actor: Actor, note: string | undefined) {
    const { found, failed } = await this.lock(ids);
    const changed: Alert[] = [];
    for (const alert of found) {
      const result = transition(alert, action, actor.name);
      if (result.kind === 'refused') failed.push({ id: alert.id, code: 'conflict', error: result.reason });
      if (result.kind === 'change') changed.push(alert);
    }
    if (changed.length > 0) await this.store(changed, action, actor, note);
    return { failed };
  }

  private async store(
    alerts: Alert[],
    action: LifecycleAction,
    actor: Actor,
    note: string | undefined,
  ): Promise<void> {
    const now = this.clock.now();
    const { kind, entry, summary } = words[action];
    const ids = alerts.map((alert) => alert.id);
    const patch = patchFor(action, actor, now);
    await this.alerts.changeLifecycle(ids, patch);
    await this.audit.recordAll(
      alerts.map((alert) => ({
        action: `alert.${entry}` as const,
        ...auditedAlert.changed(alert, { ...alert, ...patch }),
        actor,
        reason: note,
      })),
    );
    const line = {
      kind: entry,
      actor,
      summary: note === undefined || note === '' ? summary : `${summary}: ${note}`,
      details: note === undefined ? {} : { note },
      at: now,
    };
    await this.timeline.addMany(ids.map((alertId) => ({ alertId, entry: line })));
    await this.events.emit('alert.changed.v1', { changes: ids.map((id) => ({ alert_id: id, kind })) });
  }

  private async lock(ids: string[]): Promise<{ found: Alert[]; failed: Failure[] }> {
    const found = await this.alerts.lock(ids);
    const there = new Set(found.map((alert) => alert.id));
    const failed = ids
      .filter((id) => !there.has(id.toLowerCase()))
      .map((id): Failure => ({ id, code: 'not_found', error: 'There is no such alert.' }));
    return { found, failed };
  }
}

function patchFor(action: LifecycleAction, actor: Actor, now: Date): LifecyclePatch {
  if (action === 'acknowledge')
    return { status: 'acknowledged', acknowledgedBy: actor.name, acknowledgedAt: now, updatedAt: now };
  if (action === 'unacknowledge')
    return { status: 'firing', acknowledgedBy: null, acknowledgedAt: null, updatedAt: now };
  return { status: 'resolved', resolvedAt: now, endsAt: now, expiresAt: null, checkAt: null, updatedAt: now };
}
