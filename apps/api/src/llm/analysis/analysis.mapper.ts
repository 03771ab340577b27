import type { AnalysisDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { Analysis } from './analysis.repository.js';

const { same, time, timeOrNull, from } = fieldsOf<Analysis>();

export const analysisFields: Fields<Analysis, AnalysisDto> = {
  id: same('id'),
  alert_id: same('alertId'),
  status: same('status'),
  provider: same('provider'),
  model: same('model'),
  summary: from(['result'], ({ result }) => result?.summary ?? null),
  root_cause: from(['result'], ({ result }) => result?.rootCause ?? null),
  impact: from(['result'], ({ result }) => result?.impact ?? null),
  confidence: from(['result'], ({ result }) => result?.confidence ?? null),
  evidence: from(['result'], ({ result }) => result?.evidence ?? []),
  recommended_runbook: from(['result'], ({ result }) => result?.recommendedRunbook ?? null),
  hops: same('hops'),
  requested_by: same('requestedBy'),
  created_at: time('createdAt'),
  completed_at: timeOrNull('completedAt'),
};
export const toAnalysisDto = mapperOf(analysisFields);
