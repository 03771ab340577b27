import type { RuleDto, RuleInput, RuleTestResult, RunbookDto } from '@aiops/contracts';
import { queryOptions } from '@tanstack/react-query';
import { list, post, put, remove } from '../../shared/api/client';

export const rulesKey = ['rules'] as const;
export const ruleList = queryOptions({
  queryKey: [...rulesKey, 'list'],
  queryFn: ({ signal }) => list<RuleDto>('/rules', { page_size: 200, sort: 'priority' }, signal),
});
export const runbookNames = queryOptions({
  queryKey: ['runbooks', 'names'],
  queryFn: ({ signal }) => list<RunbookDto>('/runbooks', { page_size: 200, sort: 'name' }, signal),
});
export const saveRule = (id: string | null, input: RuleInput) =>
  id === null ? post<RuleDto>('/rules', input) : put<RuleDto>(`/rules/${id}`, input);
export const deleteRule = (id: string) => remove(`/rules/${id}`);
export const testRule = (input: Pick<RuleInput, 'matchers' | 'runbook_id'>) =>
  post<RuleTestResult>('/rules/test', { matchers: input.matchers, runbook_id: input.runbook_id, limit: 500 });
