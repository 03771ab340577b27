import type { MetricDescription } from './metrics.service.js';

export const TABLE_BEGIN = '<!-- metrics: begin -->';
export const TABLE_END = '<!-- metrics: end -->';

/** The table of all metrics in `docs/observability.md`. */
export function metricsTable(metrics: MetricDescription[]): string {
  const rows = metrics.map(({ name, type, labels = [], scope, help }) => {
    const shown = labels.map((label) => `\`${label}\``).join(' ');
    return `| \`${name}\` | ${type} | ${shown} | ${scope} | ${help} |`;
  });
  return ['| Metric | Type | Labels | Of | What it tells |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** The page with its table made anew. @throws when the marks around the table are not there. */
export function withTable(page: string, metrics: MetricDescription[]): string {
  const begin = page.indexOf(TABLE_BEGIN);
  const end = page.indexOf(TABLE_END);
  if (begin === -1 || end < begin) throw new Error('The page has no place for the table of metrics');
  return `${page.slice(0, begin)}${TABLE_BEGIN}\n\n${metricsTable(metrics)}\n\n${page.slice(end)}`;
}
