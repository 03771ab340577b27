import { Injectable } from '@nestjs/common';
import { engineFlags } from '@aiops/contracts';
import { FeatureFlags } from '../../platform/index.js';
import { askInstead, type Decision } from './decide.js';

/** The switch by which people take back that rules run runbooks without asking. */
@Injectable()
export class AutomationSwitch {
  constructor(private readonly flags: FeatureFlags) {}

  /** The decision as it may be carried out now; with a percentage, so many of the rules still run by themselves. */
  async apply(decision: Decision): Promise<Decision> {
    if (decision.kind !== 'auto') return decision;
    const actor = { kind: 'rule', id: decision.rule.id, role: 'engineer' } as const;
    const isOn = await this.flags.isOn(engineFlags.automaticExecution, actor, true);
    return isOn ? decision : askInstead(decision);
  }
}
