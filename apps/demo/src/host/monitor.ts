import { shopAnswers, type Shop } from './shop.js';

const CHECK_MS = 500;

/** A monitor like any other: looks at the shop and speaks Alertmanager's webhook v4 when that changes. */
export function startMonitor(shop: Shop, engineUrl: string, key: string, instance: string): { stop(): void } {
  let wasUp = true;
  let since = '';
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const up = await shopAnswers(shop);
    if (up !== wasUp) {
      if (!up) since = new Date().toISOString();
      // Only what was delivered counts as told; else it is told again.
      if (await send(engineUrl, key, payload(instance, up, since))) wasUp = up;
    }
    if (!stopped) timer = setTimeout(() => void look(), CHECK_MS);
  };
  void look();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function send(engineUrl: string, key: string, body: object): Promise<boolean> {
  try {
    const response = await fetch(`${engineUrl}/api/v1/ingest/alertmanager`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
    return response.ok;
  } catch {
    return false;
  }
}

function payload(instance: string, up: boolean, startsAt: string): object {
  const status = up ? 'resolved' : 'firing';
  const labels = {
    alertname: 'ServiceDown',
    service: 'shop',
    instance: `${instance}:22`,
    severity: 'critical',
  };
  const annotations = {
    summary: 'The shop does not answer',
    description: 'Customers get no page from the demo shop.',
  };
  const endsAt = up ? new Date().toISOString() : '0001-01-01T00:00:00Z';
  return {
    version: '4',
    groupKey: '{}:{alertname="ServiceDown"}',
    truncatedAlerts: 0,
    status,
    receiver: 'aiops',
    groupLabels: { alertname: 'ServiceDown' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: '',
    alerts: [{ status, labels, annotations, startsAt, endsAt, generatorURL: '' }],
  };
}
