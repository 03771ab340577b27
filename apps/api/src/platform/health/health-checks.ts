import { Injectable } from '@nestjs/common';

export type Condition = 'up' | 'degraded' | 'down';

/** How something is that the engine depends on. */
export interface Finding {
  condition: Condition;
  /** One sentence for whoever runs the engine. Everybody may read it: no addresses, no names, no secrets. */
  detail?: string;
}

/** One thing that the engine depends on. */
export interface HealthCheck {
  /** Key in the answer, e.g. `database`. */
  name: string;
  /** Whether this instance can do nothing useful without it. */
  needed: boolean;
  /** Finds out how it is, quickly and without cost; an error means that it is down. */
  check: (signal: AbortSignal) => Promise<Finding> | Finding;
}

/** What the engine depends on. Each module adds what it knows of when it is made. */
@Injectable()
export class HealthChecks {
  private readonly checks: HealthCheck[] = [];

  add(check: HealthCheck): void {
    if (this.checks.some(({ name }) => name === check.name)) {
      throw new Error(`Two health checks are called "${check.name}". Name one of them otherwise.`);
    }
    this.checks.push(check);
  }

  all(): readonly HealthCheck[] {
    return this.checks;
  }

  needed(): readonly HealthCheck[] {
    return this.checks.filter(({ needed }) => needed);
  }
}
