import type { AnalysisDto } from '@aiops/contracts';
import type { Analysis } from './analysis.repository.js';

export function toAnalysisDto(analysis: Analysis): AnalysisDto {
  const { result } = analysis;
  return {
    id: analysis.id,
    alert_id: analysis.alertId,
    status: analysis.status,
    provider: analysis.provider,
    model: analysis.model,
    summary: result?.summary ?? null,
    root_cause: result?.rootCause ?? null,
    impact: result?.impact ?? null,
    confidence: result?.confidence ?? null,
    evidence: result?.evidence ?? [],
    recommended_runbook: result?.recommendedRunbook ?? null,
    hops: analysis.hops,
    requested_by: analysis.requestedBy,
    created_at: analysis.createdAt.toISOString(),
    completed_at: analysis.completedAt?.toISOString() ?? null,
  };
}
