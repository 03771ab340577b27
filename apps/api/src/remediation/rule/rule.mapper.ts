import type { RuleDto } from '@aiops/contracts';
import type { Rule } from './rule.repository.js';

export function toRuleDto(rule: Rule): RuleDto {
  return {
    id: rule.id,
    name: rule.name,
    description: rule.description,
    enabled: rule.enabled,
    priority: rule.priority,
    matchers: rule.matchers,
    action: rule.action,
    runbook_id: rule.runbookId,
    last_matched_at: rule.lastMatchedAt?.toISOString() ?? null,
    created_at: rule.createdAt.toISOString(),
    updated_at: rule.updatedAt.toISOString(),
  };
}
