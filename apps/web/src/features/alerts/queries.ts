import type {
  AlertDto,
  AlertTimelineEntryDto,
  AnalysisDto,
  BulkResult,
  ExecutionDto,
} from '@aiops/contracts';
import { queryOptions } from '@tanstack/react-query';
import { get, list, post } from '../../shared/api/client';
import { alertQuery, type AlertSearch } from './search';

export const alertsKey = ['alerts'] as const;

export const alertList = (search: AlertSearch) =>
  queryOptions({
    queryKey: [...alertsKey, 'list', search],
    queryFn: ({ signal }) => list<AlertDto>('/alerts', alertQuery(search), signal),
    placeholderData: (before) => before,
  });
export const alertDetail = (id: string) =>
  queryOptions({
    queryKey: [...alertsKey, 'detail', id],
    queryFn: ({ signal }) => get<AlertDto>(`/alerts/${id}`, {}, signal),
  });
export const alertTimeline = (id: string) =>
  queryOptions({
    queryKey: [...alertsKey, 'timeline', id],
    queryFn: ({ signal }) =>
      list<AlertTimelineEntryDto>(`/alerts/${id}/timeline`, { page_size: 200 }, signal),
  });
export const alertAnalyses = (id: string) =>
  queryOptions({
    queryKey: [...alertsKey, 'analyses', id],
    queryFn: ({ signal }) => list<AnalysisDto>(`/alerts/${id}/analyses`, { page_size: 5 }, signal),
  });
export const alertExecutions = (id: string) =>
  queryOptions({
    queryKey: ['executions', 'of-alert', id],
    queryFn: ({ signal }) => list<ExecutionDto>('/executions', { alert_id: id, page_size: 10 }, signal),
  });

export const acknowledge = (id: string) => post<AlertDto>(`/alerts/${id}/acknowledge`, {});
export const unacknowledge = (id: string) => post<AlertDto>(`/alerts/${id}/unacknowledge`, {});
export const resolve = (id: string) => post<AlertDto>(`/alerts/${id}/resolve`, {});
export const analyze = (id: string) => post<AnalysisDto>(`/alerts/${id}/analyze`);
export const bulk = (action: 'acknowledge' | 'resolve', ids: string[]) =>
  post<BulkResult>(`/alerts/bulk/${action}`, { ids });
