export { RunbookReader } from './definition/runbook.reader.js';
export type { RunbookInfo } from './definition/runbook.types.js';
export { AlertRunsReader, type AlertRun } from './execution/alert-runs.reader.js';
export { toExecutionDto } from './execution/execution.mapper.js';
export { ExecutionReader } from './execution/execution.reader.js';
export type { ExecutionOutcome, ExecutionRequest } from './execution/execution.request.js';
export { ExecutionService } from './execution/execution.service.js';
export type { Execution, ExecutionStep, ExecutionTrigger } from './execution/execution.types.js';
export { RunbookModule } from './runbook.module.js';
