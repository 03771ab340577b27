import { Injectable } from '@nestjs/common';
import { ClsService } from 'nestjs-cls';
import type { Actor } from './access.js';

/** Where a call comes from. */
export interface Origin {
  remoteAddress: string;
  userAgent: string | null;
}

/** Behind a proxy that is trusted, the address is that of whoever called the proxy. */
export const originOf = (request: {
  ip: string;
  headers: Record<string, string | string[] | undefined>;
}): Origin => {
  const agent = request.headers['user-agent'];
  return { remoteAddress: request.ip, userAgent: typeof agent === 'string' ? agent : null };
};

interface Facts {
  traceId: string;
  actor: Actor;
  origin: Origin;
}

/**
 * What is known of the call that is being worked on, wherever in the code: its trace, who makes it and from where.
 * A request has all three once it is let in, a job only its trace.
 */
@Injectable()
export class CallContext {
  constructor(private readonly store: ClsService) {}

  get traceId(): string | undefined {
    return this.facts?.traceId;
  }

  /** Nobody for jobs, which the engine does by itself, and before the caller is known. */
  get actor(): Actor | undefined {
    return this.facts?.actor;
  }

  get origin(): Origin | undefined {
    return this.facts?.origin;
  }

  /** From here on, whatever the call leads to is done by this one. */
  identify(actor: Actor): void {
    this.learn({ actor });
  }

  /** Adds to what is known of the call. */
  learn(facts: Partial<Facts>): void {
    if (this.facts !== undefined) Object.assign(this.facts, facts);
  }

  /** Works as somebody, for calls that come by other ways than a request: a socket, a rule. */
  run<T>(facts: Partial<Facts>, work: () => T): T {
    return this.store.runWith({ ...this.facts, ...facts }, work);
  }

  /** The store itself: its setters look for a path in every key, and this is on the way of every alert. */
  private get facts(): Partial<Facts> | undefined {
    return this.store.isActive() ? this.store.get<Partial<Facts>>() : undefined;
  }
}
