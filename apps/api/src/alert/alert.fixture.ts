import type { AlertDto, AlertTimelineEntryDto, PageDto } from '@aiops/contracts';

/** A running engine, as far as it is called over HTTP. */
interface Api {
  api<T = Record<string, unknown>>(
    method: string,
    path: string,
    options?: { body?: unknown },
  ): Promise<{ status: number; headers: Headers; body: T }>;
}

/** What this module writes on timelines; others write there too, whenever they get to it. */
const ownKinds = new Set([
  ...['fired', 'reopened', 'resolved', 'severity_changed', 'truncated'],
  ...['acknowledged', 'unacknowledged', 'rule_matched_by_test'],
]);

let count = 0;
/** A name that no other test of the suite uses. */
export const uniqueName = (what: string): string => `${what}-${(count += 1)}`;

/** Short ways to send alerts to an engine and to look at them. */
export function alertsOf(engine: Api) {
  const list = async (query: string): Promise<AlertDto[]> =>
    (await engine.api<PageDto<AlertDto>>('GET', `/alerts?${query}`)).body.data;
  return {
    list,
    /** Posts to the API v2 that Prometheus pushes to. */
    push: (alerts: unknown) => engine.api('POST', '/ingest/prometheus/api/v2/alerts', { body: alerts }),
    webhook: (body: unknown) => engine.api('POST', '/ingest/alertmanager', { body }),
    generic: (source: string, body: unknown) => engine.api('POST', `/ingest/generic/${source}`, { body }),
    /** All episodes with this name, oldest first. */
    named: (name: string) => list(`alert_name=${encodeURIComponent(name)}&sort=created_at&page_size=200`),
    timeline: async (id: string): Promise<AlertTimelineEntryDto[]> => {
      const path = `/alerts/${id}/timeline?page_size=200`;
      const { body } = await engine.api<PageDto<AlertTimelineEntryDto>>('GET', path);
      return body.data.filter((entry) => ownKinds.has(entry.kind));
    },
    /** Sends one firing alert and gives back the only open episode of it. */
    fire: async (name: string, labels: Record<string, string> = {}): Promise<AlertDto> => {
      const answer = await engine.api('POST', '/ingest/prometheus/api/v2/alerts', {
        body: [{ labels: { alertname: name, ...labels } }],
      });
      if (answer.status !== 200) throw new Error(`ingestion answered ${answer.status}`);
      const open = await list(
        `alert_name=${encodeURIComponent(name)}&status=firing,acknowledged&sort=-created_at`,
      );
      if (open[0] === undefined) throw new Error('the alert is not there');
      return open[0];
    },
  };
}
