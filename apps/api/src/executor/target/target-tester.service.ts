import { Injectable } from '@nestjs/common';
import type { TargetTestResult } from '@aiops/contracts';
import { AuditLog, Breakers } from '../../platform/index.js';
import { ExecutorRegistry } from '../executor.registry.js';
import { TargetContacts } from './target-contacts.service.js';
import { targetBreaker } from './target-breaker.js';
import { auditedTarget, TargetService } from './target.service.js';

const TEST_TIMEOUT_MS = 30_000;

/** The "check connection" of a target: stage by stage, so that the failing one can be explained. */
@Injectable()
export class TargetTester {
  constructor(
    private readonly targets: TargetService,
    private readonly executors: ExecutorRegistry,
    private readonly contacts: TargetContacts,
    private readonly breakers: Breakers,
    private readonly audit: AuditLog,
  ) {}

  /** A person asks, so a breaker that is open keeps nobody from trying, and a good answer closes it. */
  async test(id: string): Promise<TargetTestResult> {
    const target = await this.targets.get(id);
    const signal = AbortSignal.timeout(TEST_TIMEOUT_MS);
    const stages = (await this.executors.find(target.kind)?.test(target, signal)) ?? [];
    const failed = stages.find((stage) => !stage.ok);
    const reachable = stages.some((stage) => stage.name === 'connect' && stage.ok);
    if (reachable) this.breakers.reset(targetBreaker(target));
    await this.contacts.record(id, { reachable, error: failed?.message ?? null });
    await this.audit.recordApart({
      action: 'target.tested',
      ...auditedTarget.of(target),
      outcome: failed === undefined ? 'succeeded' : 'failed',
      reason: failed?.message,
    });
    return { ok: failed === undefined, stages };
  }
}
