import { Injectable } from '@nestjs/common';
import type { AlertChange, BulkResult } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import { Clock, EventBus, UserError, type Actor } from '../../platform/index.js';
import type { Alert } from '../alert.js';
import { AlertReader } from '../alert.reader.js';
import { AlertRepository, type LifecyclePatch } from '../alert.repository.js';
import { AlertTimeline } from '../timeline/alert-timeline.service.js';
import { transition, type LifecycleAction } from './transition.js';

const words: Record<LifecycleAction, { kind: AlertChange['kind']; entry: string; summary: string }> = {
  acknowledge: { kind: 'acknowledged', entry: 'acknowledged', summary: 'Acknowledged' },
  unacknowledge: { kind: 'updated', entry: 'unacknowledged', summary: 'Acknowledgement taken back' },
  resolve: { kind: 'resolved', entry: 'resolved', summary: 'Resolved by hand' },
};
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Failure = { id: string; code: 'not_found' | 'conflict'; error: string };

/** What people do to alerts, one or a thousand at a time; the alerts of one call change in one transaction. */
@Injectable()
export class AlertLifecycle {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly reader: AlertReader,
    private readonly timeline: AlertTimeline,
    private readonly events: EventBus,
    private readonly clock: Clock,
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
  @Transactional()
  async changeMany(ids: string[], action: LifecycleAction, actor: Actor, note?: string): Promise<BulkResult> {
    const { success, failed } = await this.apply(ids, action, actor, note);
    return { success, failed: failed.map(({ id, error }) => ({ id, error })) };
  }

  /** Removes alerts with their timelines for good; one that still fires comes back as a new alert. */
  @Transactional()
  async deleteMany(ids: string[]): Promise<BulkResult> {
    const { found, failed } = await this.lock(ids);
    const success = found.map((alert) => alert.id);
    if (success.length > 0) {
      await this.alerts.remove(success);
      await this.events.emit('alert.changed.v1', {
        changes: success.map((id) => ({ alert_id: id, kind: 'deleted' })),
      });
    }
    return { success, failed: failed.map(({ id, error }) => ({ id, error })) };
  }

  private async apply(ids: string[], action: LifecycleAction, actor: Actor, note: string | undefined) {
    const { found, failed } = await this.lock(ids);
    const success: string[] = [];
    const changed: Alert[] = [];
    for (const alert of found) {
      const result = transition(alert, action, actor.name);
      if (result.kind === 'refused') failed.push({ id: alert.id, code: 'conflict', error: result.reason });
      else success.push(alert.id);
      if (result.kind === 'change') changed.push(alert);
    }
    if (changed.length > 0) await this.store(changed, action, actor, note);
    return { success, failed };
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
    await this.alerts.changeLifecycle(ids, patchFor(action, actor, now));
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
    const wanted = [...new Set(ids)];
    const found = await this.alerts.lock(wanted.filter((id) => uuid.test(id)));
    const there = new Set(found.map((alert) => alert.id));
    const failed = wanted
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
