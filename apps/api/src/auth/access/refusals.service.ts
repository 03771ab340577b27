import { Injectable } from '@nestjs/common';
import { anonymousActor, AuditLog, Clock, type Actor } from '../../platform/index.js';

/** The same refusal again within this time is not recorded: a page that keeps asking must not fill the log. */
const SAME_WITHIN_MS = 60_000;
const REMEMBERED = 10_000;

interface RefusedRequest {
  method: string;
  /** The route as it was declared, without the ids of this request. */
  routeOptions: { url?: string | undefined };
  /** Nobody when a key was refused for what it may be used for. */
  actor?: Actor;
}

/** Records in the audit log that somebody known was kept from what their role does not allow (ASVS 5.0, 16.3.2). */
@Injectable()
export class Refusals {
  private readonly recent = new Map<string, number>();

  constructor(
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async record(request: RefusedRequest, reason: string): Promise<void> {
    const actor = request.actor ?? anonymousActor;
    const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    if (!this.isNew(`${actor.kind} ${actor.id ?? reason} ${route}`)) return;
    const subject = { kind: 'route', id: route, name: null } as const;
    await this.audit.recordApart({ action: 'route.refused', subject, actor, outcome: 'refused', reason });
  }

  private isNew(key: string): boolean {
    const now = this.clock.now().getTime();
    const last = this.recent.get(key);
    if (last !== undefined && now - last < SAME_WITHIN_MS) return false;
    if (this.recent.size >= REMEMBERED) this.recent.clear();
    this.recent.set(key, now);
    return true;
  }
}
