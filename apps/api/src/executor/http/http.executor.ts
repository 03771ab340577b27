import { Injectable } from '@nestjs/common';
import { Outbound } from '../../platform/index.js';
import type { Executor, TargetFlaw, TestStage } from '../executor.js';
import type { Target } from '../target/target.repository.js';
import { TestStages } from '../target/test-stages.js';

/** Services that runbooks talk to over HTTP: the steps carry URLs of their own, so there is only a port to reach. */
@Injectable()
export class HttpExecutor implements Executor {
  readonly kind = 'http';

  constructor(private readonly outbound: Outbound) {}

  review(): TargetFlaw | null {
    return null;
  }

  async test(target: Target): Promise<TestStage[]> {
    const stages = new TestStages();
    await stages.reach(target, (to, timeoutMs) => this.outbound.connect(to, timeoutMs));
    return stages.all;
  }
}
