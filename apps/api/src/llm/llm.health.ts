import { Injectable } from '@nestjs/common';
import { BreakerReader, HealthChecks, judgeBreakers, type Finding } from '../platform/index.js';
import { breakerName } from './provider/breaker-name.js';
import { LlmProviderRepository } from './provider/provider.repository.js';

/** Whether models can be asked; without any the engine works on, with the template. */
@Injectable()
export class LlmHealth {
  constructor(
    checks: HealthChecks,
    private readonly providers: LlmProviderRepository,
    private readonly breakers: BreakerReader,
  ) {
    checks.add({ name: 'llm', needed: false, check: () => this.check() });
  }

  private async check(): Promise<Finding> {
    const providers = await this.providers.enabled();
    return judgeBreakers(providers.map(breakerName), await this.breakers.list({ kind: 'llm' }), {
      things: 'model providers',
      withoutAny: 'Analyses are made from the template.',
    });
  }
}
