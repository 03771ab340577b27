import { Injectable } from '@nestjs/common';
import { UserError } from '../platform/index.js';
import type { Alert, AlertFacts } from './alert.js';
import { AlertRepository } from './alert.repository.js';

/** Questions other modules may ask about alerts. */
@Injectable()
export class AlertReader {
  constructor(private readonly alerts: AlertRepository) {}

  /** @throws UserError `not_found`. */
  async get(id: string): Promise<Alert> {
    const alert = await this.alerts.find(id);
    if (alert === null) throw UserError.notFound('alert', id);
    return alert;
  }

  /** @throws UserError `not_found`. */
  async requireExists(id: string): Promise<void> {
    if (!(await this.alerts.exists(id))) throw UserError.notFound('alert', id);
  }

  find(id: string): Promise<Alert | null> {
    return this.alerts.find(id);
  }

  /** Those that exist, in no particular order. */
  findMany(ids: string[]): Promise<Alert[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.alerts.findMany(ids);
  }

  /** Those that exist, in no particular order. */
  facts(ids: string[]): Promise<AlertFacts[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.alerts.facts(ids);
  }

  /** Episodes of one alert, newest first. */
  history(fingerprint: string, options: { excludeId?: string; limit: number }): Promise<Alert[]> {
    return this.alerts.episodes(fingerprint, options.excludeId, options.limit);
  }

  /** Alerts that are not resolved, newest first. */
  open(limit: number): Promise<Alert[]> {
    return this.alerts.open(limit);
  }

  /** The alerts that came last, resolved or not. */
  newest(limit: number): Promise<Alert[]> {
    return this.alerts.newest(limit);
  }
}
