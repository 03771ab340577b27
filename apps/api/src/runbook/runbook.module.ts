import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AlertModule } from '../alert/index.js';
import { AuthModule } from '../auth/index.js';
import { ExecutorModule } from '../executor/index.js';
import { RunbookAccessController } from './access/runbook-access.controller.js';
import { RunbookAccessEntity } from './access/runbook-access.entity.js';
import { RunbookAccessReader } from './access/runbook-access.reader.js';
import { RunbookAccessRepository } from './access/runbook-access.repository.js';
import { RunbookAccessService } from './access/runbook-access.service.js';
import { ParsedVersions } from './definition/parsed-versions.js';
import { RunbookController } from './definition/runbook.controller.js';
import { RunbookEntity } from './definition/runbook.entity.js';
import { RunbookReader } from './definition/runbook.reader.js';
import { RunbookRepository } from './definition/runbook.repository.js';
import { RunbookService } from './definition/runbook.service.js';
import { RunbookTemplateController } from './definition/runbook-template.controller.js';
import { RunbookVersionEntity } from './definition/runbook-version.entity.js';
import { AlertRunsReader } from './execution/alert-runs.reader.js';
import { AlertWatch } from './execution/alert-watch.service.js';
import { DraftService } from './execution/draft.service.js';
import { ExecutionControl } from './execution/execution-control.service.js';
import { ExecutionController } from './execution/execution.controller.js';
import { ExecutionEntity } from './execution/execution.entity.js';
import { ExecutionLive } from './execution/execution.live.js';
import { ExecutionReader } from './execution/execution.reader.js';
import { ExecutionRepository } from './execution/execution.repository.js';
import { ExecutionService } from './execution/execution.service.js';
import { ExecutionStepEntity } from './execution/execution-step.entity.js';
import { ExecutionTargetEntity } from './execution/execution-target.entity.js';
import { ExecutionOutputEntity } from './execution/output/execution-output.entity.js';
import { OutputReader } from './execution/output/output.reader.js';
import { OutputRepository } from './execution/output/output.repository.js';
import { ExecutionWorker } from './execution/runner/execution-worker.js';
import { LeaseRepository } from './execution/runner/lease.repository.js';
import { RunSupport } from './execution/runner/run-support.js';
import { StepPreparation } from './execution/runner/step-preparation.js';
import { StepRunner } from './execution/runner/step-runner.js';
import { TransitionStore } from './execution/runner/transition.store.js';
import { SafetyRepository } from './execution/safety/safety.repository.js';
import { SafetyService } from './execution/safety/safety.service.js';
import { TargetLockEntity } from './execution/safety/target-lock.entity.js';
import { RunbookMetricsRepository } from './metrics/runbook-metrics.repository.js';
import { RunbookMetrics } from './metrics/runbook.metrics.js';

const entities = [
  RunbookEntity,
  RunbookVersionEntity,
  RunbookAccessEntity,
  ExecutionEntity,
  ExecutionStepEntity,
  ExecutionTargetEntity,
  ExecutionOutputEntity,
  TargetLockEntity,
];
const definition = [RunbookRepository, ParsedVersions, RunbookService, RunbookReader];
const access = [RunbookAccessRepository, RunbookAccessReader, RunbookAccessService];
const asking = [
  ExecutionRepository,
  DraftService,
  ExecutionService,
  ExecutionControl,
  ExecutionReader,
  AlertRunsReader,
  AlertWatch,
  ExecutionLive,
];
const running = [TransitionStore, LeaseRepository, StepPreparation, StepRunner, RunSupport, ExecutionWorker];
const support = [
  SafetyRepository,
  SafetyService,
  OutputRepository,
  OutputReader,
  RunbookMetricsRepository,
  RunbookMetrics,
];

/** Runbooks and the durable engine that executes them. */
@Module({
  imports: [AlertModule, AuthModule, ExecutorModule, TypeOrmModule.forFeature(entities)],
  controllers: [RunbookController, RunbookAccessController, RunbookTemplateController, ExecutionController],
  providers: [...definition, ...access, ...asking, ...running, ...support],
  exports: [RunbookReader, ExecutionService, ExecutionReader, AlertRunsReader],
})
export class RunbookModule {}
