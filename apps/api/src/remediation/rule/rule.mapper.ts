import type { RuleDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { Rule } from './rule.repository.js';

const { same, time, timeOrNull } = fieldsOf<Rule>();

export const ruleFields: Fields<Rule, RuleDto> = {
  id: same('id'),
  name: same('name'),
  description: same('description'),
  enabled: same('enabled'),
  priority: same('priority'),
  matchers: same('matchers'),
  action: same('action'),
  runbook_id: same('runbookId'),
  last_matched_at: timeOrNull('lastMatchedAt'),
  created_at: time('createdAt'),
  updated_at: time('updatedAt'),
};
export const toRuleDto = mapperOf(ruleFields);
