import type { AuditEntryDto, AuditExportFormat, AuditVerificationDto } from '@aiops/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, list } from '../../shared/api/client';
import { download } from '../../shared/api/download';
import { filterOf, type AuditSearch } from './search';

const auditKey = ['audit-log'] as const;
const PAGE_SIZE = 50;

export const auditList = ({ entry: _entry, ...search }: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: [...auditKey, 'list', search],
    // By cursor: what is recorded in the meantime moves no entry from one page to the next.
    queryFn: ({ pageParam: cursor, signal }) =>
      list<AuditEntryDto>('/audit-log', { ...filterOf(search), limit: PAGE_SIZE, cursor }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ pagination }) => pagination.next_cursor,
    placeholderData: (before) => before,
  });

/** An entry never changes. */
export const auditEntry = (id: string) =>
  queryOptions({
    queryKey: [...auditKey, 'entry', id],
    queryFn: ({ signal }) => get<AuditEntryDto>(`/audit-log/${id}`, {}, signal),
    staleTime: 'static',
  });

/** The engine reads the whole log for it, at most once a minute. */
export const auditVerification = queryOptions({
  queryKey: [...auditKey, 'verification'],
  queryFn: ({ signal }) => get<AuditVerificationDto>('/audit-log/verification', {}, signal),
  staleTime: 60_000,
});

export const exportLog = (search: AuditSearch, format: AuditExportFormat): Promise<void> =>
  download('/audit-log/export', { ...filterOf(search), format }, `audit-log.${format}`);
