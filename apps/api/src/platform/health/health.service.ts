import { Injectable, Logger } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { HealthDto } from '@aiops/contracts';
import { version } from '../version.js';
import { HealthChecks, type Condition, type HealthCheck } from './health-checks.js';
import { Shutdown } from './shutdown.service.js';

const CHECK_TIMEOUT_MS = 3_000;

type CheckDto = HealthDto['checks'][string];

/** How this instance and what it depends on are. */
@Injectable()
export class HealthService {
  private readonly logger = new Logger('health');
  private readonly last = new Map<string, Condition>();

  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly checks: HealthChecks,
    private readonly shutdown: Shutdown,
  ) {}

  /** Everything. Only what is needed makes the whole `down`. */
  all(): Promise<HealthDto> {
    return this.report(this.checks.all());
  }

  /** Whether this instance can work: what it needs, and that it is not on its way out. */
  ready(): Promise<HealthDto> {
    return this.report(this.checks.needed());
  }

  private async report(asked: readonly HealthCheck[]): Promise<HealthDto> {
    const checks: Record<string, CheckDto> = {};
    const status = await this.run(asked, checks);
    const { begun } = this.shutdown;
    if (begun)
      checks['shutdown'] = { status: 'down', latency_ms: 0, detail: 'This instance is shutting down.' };
    return {
      status: begun ? 'down' : status,
      version,
      uptime_seconds: Math.round(process.uptime()),
      // In the order in which they were added, whichever answered first.
      checks: Object.fromEntries(
        [...asked.map(({ name }) => name), 'shutdown'].flatMap((name) => {
          const check = checks[name];
          return check === undefined ? [] : [[name, check]];
        }),
      ),
    };
  }

  private async run(
    asked: readonly HealthCheck[],
    checks: Record<string, CheckDto>,
  ): Promise<HealthDto['status']> {
    try {
      const { status } = await this.terminus.check(asked.map((check) => () => this.indicate(check, checks)));
      return status === 'degraded' ? 'degraded' : 'ok';
    } catch (error) {
      // Terminus throws when something needed is down.
      if (asked.some(({ name, needed }) => needed && checks[name]?.status === 'down')) return 'down';
      throw error;
    }
  }

  private async indicate(check: HealthCheck, into: Record<string, CheckDto>): Promise<HealthIndicatorResult> {
    const began = performance.now();
    const session = this.indicators.check(check.name);
    let found: { condition: Condition; detail?: string } = { condition: 'up' };
    const attempt = await session
      .attempt(async ({ signal }) => {
        found = await check.check(signal);
      })
      .withTimeout(CHECK_TIMEOUT_MS);
    const failed = attempt[check.name]?.status === 'down';
    // The reason is for the log: an answer that anybody may read tells no addresses.
    if (failed)
      found = { condition: 'down', detail: `It did not answer as it should in ${CHECK_TIMEOUT_MS} ms.` };
    this.note(check.name, found.condition, attempt[check.name]);
    into[check.name] = {
      status: found.condition,
      latency_ms: Math.round((performance.now() - began) * 10) / 10,
      ...(found.detail === undefined ? {} : { detail: found.detail }),
    };
    if (found.condition === 'up') return session.up();
    return found.condition === 'down' && check.needed ? session.down() : session.degraded();
  }

  /** Probes come every few seconds: only changes are worth a line. */
  private note(name: string, condition: Condition, found: object | undefined): void {
    const before = this.last.get(name) ?? 'up';
    this.last.set(name, condition);
    if (before === condition) return;
    const level = condition === 'up' ? 'log' : 'warn';
    this.logger[level]({ check: name, before, found }, `${name} is ${condition}`);
  }
}
