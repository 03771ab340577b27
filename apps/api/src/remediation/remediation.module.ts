import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AlertModule } from '../alert/index.js';
import { LlmModule } from '../llm/index.js';
import { RunbookModule } from '../runbook/index.js';
import { AdoptionMetrics } from './analysis/adoption.metrics.js';
import { AlertAnalysisController } from './analysis/alert-analysis.controller.js';
import { AlertAnalyst } from './analysis/alert-analyst.service.js';
import { AutomationSwitch } from './decision/automation-switch.service.js';
import { DecisionEntity, OutcomeEntity } from './decision/decision.entity.js';
import { DecisionRepository } from './decision/decision.repository.js';
import { OutcomeService } from './decision/outcome.service.js';
import { RemediationService } from './decision/remediation.service.js';
import { RuleTestService } from './rule/rule-test.service.js';
import { RuleController } from './rule/rule.controller.js';
import { RuleEntity } from './rule/rule.entity.js';
import { RuleRepository } from './rule/rule.repository.js';
import { RuleService } from './rule/rule.service.js';

/** Rules, the decision for each alert, its analysis, and what became of it. */
@Module({
  imports: [
    TypeOrmModule.forFeature([RuleEntity, DecisionEntity, OutcomeEntity]),
    AlertModule,
    RunbookModule,
    LlmModule,
  ],
  controllers: [RuleController, AlertAnalysisController],
  providers: [
    RuleRepository,
    RuleService,
    RuleTestService,
    DecisionRepository,
    AutomationSwitch,
    RemediationService,
    OutcomeService,
    AlertAnalyst,
    AdoptionMetrics,
  ],
})
export class RemediationModule {}
