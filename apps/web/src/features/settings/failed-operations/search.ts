/** What the address of the failed operations holds. */
export interface FailedSearch {
  status?: 'retried' | 'discarded' | 'all';
  operation?: string;
  q?: string;
  since?: Since;
  /** RFC 3339; they count with `since: 'between'`. */
  from?: string;
  to?: string;
  page?: number;
}
export type Since = 'hour' | 'day' | 'week' | 'between';

const HOUR_MS = 3_600_000;
const spans = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
/** Beside what is shown unless something else is asked for: what nobody has handled. */
export const statuses = ['retried', 'discarded', 'all'] as const;
const sinces = ['hour', 'day', 'week', 'between'] as const;
export const PAGE_SIZE = 50;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const time = (value: unknown): string | undefined => {
  const at = new Date(text(value) ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

/** Reads the address; what does not belong there is left out. */
export function failedSearch(search: Record<string, unknown>): FailedSearch {
  const page = Number(search['page']);
  return {
    status: statuses.find((status) => status === search['status']),
    operation: text(search['operation']),
    q: text(search['q']),
    since: sinces.find((since) => since === search['since']),
    from: time(search['from']),
    to: time(search['to']),
    page: Number.isInteger(page) && page > 1 ? page : undefined,
  };
}

/** The filters of the list route for what the address says, at the time `now` in milliseconds. */
export function failedQuery(search: FailedSearch, now: number): Record<string, string | undefined> {
  const { status = 'failed', since } = search;
  const range =
    since === 'between'
      ? { from: search.from, to: search.to }
      : { from: since === undefined ? undefined : new Date(now - spans[since]).toISOString() };
  return {
    status: status === 'all' ? undefined : status,
    operation: search.operation,
    q: search.q,
    ...range,
  };
}

export const isFiltered = ({ status, operation, q, since }: FailedSearch): boolean =>
  [status, operation, q, since].some((filter) => filter !== undefined);

/** The local time for an input of the type `datetime-local`. */
export function toLocalInput(at: string | undefined): string {
  if (at === undefined) return '';
  const date = new Date(at);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
