import type { SessionDto } from '@aiops/contracts';
import { queryOptions } from '@tanstack/react-query';
import { list, post, remove } from '../../shared/api/client';

/** One person has 50 at most. */
const ALL = 50;

export const mySessions = queryOptions({
  queryKey: ['sessions', 'mine'],
  queryFn: ({ signal }) => list<SessionDto>('/auth/sessions', { page_size: ALL }, signal),
});

export const endSession = (id: string): Promise<void> => remove(`/auth/sessions/${id}`);
export const endOtherSessions = (): Promise<void> => remove('/auth/sessions');
export const endAllSessions = (): Promise<void> => post('/auth/logout-all');
