import type { ExecutionDto, RunbookDto, RunbookTemplateDto, RunbookVersionDto } from '@aiops/contracts';
import { queryOptions } from '@tanstack/react-query';
import { get, list, post, put, remove } from '../../shared/api/client';

export const runbooksKey = ['runbooks'] as const;

export const runbookList = (q: string) =>
  queryOptions({
    queryKey: [...runbooksKey, 'list', q],
    queryFn: ({ signal }) => list<RunbookDto>('/runbooks', { page_size: 200, sort: 'name', q }, signal),
    placeholderData: (before) => before,
  });
export const runbookDetail = (id: string) =>
  queryOptions({
    queryKey: [...runbooksKey, 'detail', id],
    queryFn: ({ signal }) => get<RunbookDto>(`/runbooks/${id}`, {}, signal),
    // While somebody edits, the text must not change under their hands.
    refetchOnWindowFocus: false,
  });
export const runbookVersions = (id: string) =>
  queryOptions({
    queryKey: [...runbooksKey, 'versions', id],
    queryFn: ({ signal }) => list<RunbookVersionDto>(`/runbooks/${id}/versions`, { page_size: 100 }, signal),
  });
export const runbookRuns = (id: string) =>
  queryOptions({
    queryKey: ['executions', 'of-runbook', id],
    queryFn: ({ signal }) =>
      list<ExecutionDto>('/executions', { runbook_id: id, page_size: 50, sort: '-created_at' }, signal),
  });
export const templates = queryOptions({
  queryKey: ['runbook-templates'],
  queryFn: ({ signal }) => list<RunbookTemplateDto>('/runbook-templates', {}, signal),
  staleTime: Infinity,
});

export const saveRunbook = (id: string | null, yaml: string) =>
  id === null ? post<RunbookDto>('/runbooks', { yaml }) : put<RunbookDto>(`/runbooks/${id}`, { yaml });
export const switchRunbook = (id: string, on: boolean) =>
  post<RunbookDto>(`/runbooks/${id}/${on ? 'enable' : 'disable'}`);
export const deleteRunbook = (id: string) => remove(`/runbooks/${id}`);
