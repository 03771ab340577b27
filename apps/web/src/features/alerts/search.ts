/** What the address of the alert list holds. */
export interface AlertSearch {
  view?: 'attention' | 'all' | 'resolved';
  severity?: string;
  q?: string;
  /** `name=value`, for one label. */
  label?: string;
  page?: number;
}

const views = ['attention', 'all', 'resolved'] as const;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Reads the address; what does not belong there is left out. */
export function alertSearch(search: Record<string, unknown>): AlertSearch {
  const page = Number(search['page']);
  return {
    view: views.find((view) => view === search['view']),
    severity: text(search['severity']),
    q: text(search['q']),
    label: text(search['label']),
    page: Number.isInteger(page) && page > 1 ? page : undefined,
  };
}

const statusOf = { attention: 'firing,acknowledged', all: undefined, resolved: 'resolved' } as const;

/** The query of the list route for what the address says. */
export function alertQuery(search: AlertSearch): Record<string, string | number | undefined> {
  const [name = '', ...rest] = (search.label ?? '').split('=');
  return {
    status: statusOf[search.view ?? 'attention'],
    severity: search.severity,
    q: search.q,
    ...(name !== '' && rest.length > 0 ? { [`label.${name}`]: rest.join('=') } : {}),
    sort: search.view === 'resolved' ? '-last_received_at' : '-severity',
    page: search.page ?? 1,
    page_size: 50,
  };
}
