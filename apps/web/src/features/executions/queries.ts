import type { ExecutionDto, ExecutionOutputDto } from '@aiops/contracts';
import { queryOptions } from '@tanstack/react-query';
import { get, list, post } from '../../shared/api/client';
import { statusesOf, type ExecutionSearch } from './search';

export const executionsKey = ['executions'] as const;

export const executionList = (search: ExecutionSearch) =>
  queryOptions({
    queryKey: [...executionsKey, 'list', search],
    queryFn: ({ signal }) =>
      list<ExecutionDto>(
        '/executions',
        {
          status: statusesOf[search.view ?? 'all'],
          q: search.q,
          page: search.page ?? 1,
          page_size: 50,
          sort: '-created_at',
        },
        signal,
      ),
    placeholderData: (before) => before,
  });
export const executionCount = (view: NonNullable<ExecutionSearch['view']>) =>
  queryOptions({
    queryKey: [...executionsKey, 'count', view],
    queryFn: ({ signal }) =>
      list<ExecutionDto>('/executions', { status: statusesOf[view], limit: 1, fields: 'id' }, signal),
  });
export const executionDetail = (id: string) =>
  queryOptions({
    queryKey: [...executionsKey, 'detail', id],
    queryFn: ({ signal }) => get<ExecutionDto>(`/executions/${id}`, {}, signal),
  });

export const readOutput = (id: string, after: number) =>
  get<ExecutionOutputDto>(`/executions/${id}/output`, { after, limit: 500 });
export const approve = (execution: ExecutionDto, note: string) =>
  post<ExecutionDto>(`/executions/${execution.id}/approve`, {
    plan_hash: execution.plan?.hash,
    note: note === '' ? undefined : note,
  });
export const reject = (id: string, reason: string) =>
  post<ExecutionDto>(`/executions/${id}/reject`, { reason });
export const cancel = (id: string) => post<ExecutionDto>(`/executions/${id}/cancel`, {});
export const resume = (id: string, decision: 'retry' | 'skip' | 'abort') =>
  post<ExecutionDto>(`/executions/${id}/resume`, { decision });
