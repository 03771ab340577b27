/** What the address of the execution list holds. */
export interface ExecutionSearch {
  view?: 'all' | 'waiting' | 'running' | 'failed';
  q?: string;
  page?: number;
}
const views = ['all', 'waiting', 'running', 'failed'] as const;

/** Reads the address; what does not belong there is left out. */
export function executionSearch(search: Record<string, unknown>): ExecutionSearch {
  const page = Number(search['page']);
  return {
    view: views.find((view) => view === search['view']),
    q: typeof search['q'] === 'string' && search['q'] !== '' ? search['q'] : undefined,
    page: Number.isInteger(page) && page > 1 ? page : undefined,
  };
}

/** Statuses behind each view. */
export const statusesOf: Record<NonNullable<ExecutionSearch['view']>, string | undefined> = {
  all: undefined,
  waiting: 'awaiting_approval,needs_attention',
  running: 'queued,running,verifying',
  failed: 'failed,rolled_back,timed_out',
};
