import { describe, expect, it } from 'vitest';
import { ingestMappingInputSchema } from '@aiops/contracts';
import { genericAdapter } from './generic.adapter.js';

const now = new Date('2026-01-31T12:03:00Z');

function read(body: unknown, mapping: object = {}, source = 'billing') {
  const parsed = ingestMappingInputSchema.parse(mapping);
  return genericAdapter.read(body, { now, resolveTimeoutMs: 300_000, source, mapping: parsed });
}
const one = (body: unknown, mapping: object = {}, source?: string) => {
  const { deliveries, rejected } = read(body, mapping, source);
  expect(rejected).toEqual([]);
  return deliveries[0];
};

describe('JSON without a mapping', () => {
  it('works in the plain form at once', () => {
    const plain = {
      title: 'Queue is full',
      severity: 'critical',
      status: 'firing',
      labels: { queue: 'orders' },
    };
    expect(one(plain)).toMatchObject({
      source: 'billing',
      alertName: 'Queue is full',
      severity: 'critical',
      status: 'firing',
      labels: { alertname: 'Queue is full', queue: 'orders', severity: 'critical' },
      startsAt: now,
      startsAtStated: false,
      resolveAfterMs: null,
      extras: {},
    });
  });

  it('keeps the same alert when only severity, status or text change', () => {
    const base = { title: 'Queue is full', labels: { queue: 'orders' } };
    const first = one({ ...base, severity: 'warning', message: '812 waiting' });
    const second = one({ ...base, severity: 'critical', status: 'resolved', message: '0 waiting', value: 0 });
    expect(second?.fingerprint).toBe(first?.fingerprint);
    expect(one({ ...base, labels: { queue: 'mails' } })?.fingerprint).not.toBe(first?.fingerprint);
    expect(one(base, {}, 'shop')?.fingerprint).not.toBe(first?.fingerprint);
  });

  it('takes a key of the sender as the identity', () => {
    const first = one({ title: 'Load 12.1', dedup_key: 'load-web-1' });
    expect(one({ title: 'Load 13.7', dedup_key: 'load-web-1', labels: { a: 'b' } })?.fingerprint).toBe(
      first?.fingerprint,
    );
  });

  it('reads arrays, bare or under "alerts"', () => {
    expect(read([{ title: 'a' }, { title: 'b' }]).deliveries).toHaveLength(2);
    expect(read({ alerts: [{ title: 'a' }, { title: 'b' }] }).deliveries).toHaveLength(2);
  });

  it('makes text of label values that are none', () => {
    const labels = { port: 8080, tls: true, none: null, empty: '', tags: ['a', 'b'] };
    expect(one({ title: 'x', labels })?.labels).toEqual({
      alertname: 'x',
      port: '8080',
      tls: 'true',
      tags: '["a","b"]',
    });
  });

  it('keeps what it does not know', () => {
    expect(one({ title: 'x', tenant: 'acme', nested: { deep: 1 } })?.extras).toEqual({
      tenant: 'acme',
      nested: { deep: 1 },
    });
  });

  it('understands the usual words for resolved', () => {
    for (const status of ['resolved', 'OK', 'closed', 'Recovered', 'normal']) {
      expect(one({ title: 'x', status })?.status).toBe('resolved');
    }
    expect(one({ title: 'x', status: 'open' })?.status).toBe('firing');
  });

  it('refuses an alert without a name and takes the others', () => {
    const { deliveries, rejected } = read([{ title: 'a' }, { severity: 'high' }, 7]);
    expect(deliveries).toHaveLength(1);
    expect(rejected.map(({ index, errors }) => [index, errors[0]?.field])).toEqual([
      [1, 'alerts.1.alert_name'],
      [2, 'alerts.2'],
    ]);
  });
});

describe('JSON with a mapping', () => {
  const mapping = {
    items: 'data.events',
    alert_name: 'check.name',
    severity: 'level',
    status: 'state',
    labels: { host: 'check.host', port: 'check.port' },
    annotations: { summary: 'text' },
    starts_at: 'since',
    ends_at: 'until',
    generator_url: 'href',
    fingerprint_keys: ['check.id'],
    severity_map: { BAD: 'critical' },
    status_map: { fine: 'resolved' },
    resolve_after_seconds: 60,
  };
  const event = {
    check: { id: 17, name: 'disk', host: 'db-1', port: 22 },
    level: 'bad',
    state: 'Fine',
    text: '97 %',
    since: 1769860800,
    until: '2026-01-31T12:02:00Z',
    href: 'https://checks.example/17',
    region: 'eu',
  };

  it('finds every field where it says', () => {
    expect(one({ data: { events: [event] } }, mapping)).toMatchObject({
      alertName: 'disk',
      severity: 'critical',
      status: 'resolved',
      labels: { alertname: 'disk', host: 'db-1', port: '22' },
      annotations: { summary: '97 %' },
      startsAt: new Date('2026-01-31T12:00:00Z'),
      endsAt: new Date('2026-01-31T12:02:00Z'),
      generatorUrl: 'https://checks.example/17',
      resolveAfterMs: 60_000,
      extras: { region: 'eu', check: event.check },
    });
  });

  it('names the field in the message that is wrong', () => {
    const { rejected } = read({ data: { events: [event, { ...event, check: {}, since: 'soon' }] } }, mapping);
    expect(rejected).toMatchObject([
      {
        index: 1,
        errors: [
          { field: 'data.events.1.check.name' },
          { field: 'data.events.1.since' },
          { field: 'data.events.1.check.id' },
        ],
      },
    ]);
  });

  it('says when the alerts are not where it expects them', () => {
    expect(() => read({ data: {} }, mapping)).toThrow(
      'data.events: The mapping of this source expects the alerts here',
    );
  });

  it('reads keys with dots in them, and never what an object inherits', () => {
    expect(one({ 'a.b': 'named' }, { alert_name: 'a\\.b' })?.alertName).toBe('named');
    expect(read({ x: 1 }, { alert_name: 'constructor.name' }).deliveries).toEqual([]);
  });
});
