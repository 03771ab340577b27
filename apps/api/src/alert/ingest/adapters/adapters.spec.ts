import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { UserError } from '../../../platform/index.js';
import { guessingMapping } from '../../mapping/mapping.js';
import type { AdapterContext } from '../adapter.js';
import { ingestAdapters } from '../adapter.registry.js';
import { alertmanagerAdapter } from './alertmanager.adapter.js';
import { prometheusAdapter } from './prometheus.adapter.js';
import { readFixture } from './read.fixture.js';

const context: AdapterContext = {
  now: new Date('2026-01-31T12:03:00Z'),
  resolveTimeoutMs: 300_000,
  source: 'test',
  mapping: guessingMapping,
};

describe('every adapter', () => {
  it.each(ingestAdapters)('$name takes or refuses any JSON, and never falls over', (adapter) => {
    const body = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.object()),
      fc.record({ alerts: fc.array(fc.object()) }),
    );
    fc.assert(
      fc.property(body, (value) => {
        try {
          const reading = adapter.read(value, context);
          for (const { errors } of reading.rejected) expect(errors.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });

  it('has a name and a path of its own', () => {
    expect(new Set(ingestAdapters.map((adapter) => adapter.path)).size).toBe(ingestAdapters.length);
  });
});

describe('the webhook of Alertmanager', () => {
  const read = (name: string) => alertmanagerAdapter.read(readFixture(name), context);

  it('is read as Alertmanager 0.25 sends it', () => {
    const { deliveries, rejected, warnings } = read('alertmanager-0.25-firing');
    expect({ rejected, warnings }).toEqual({ rejected: [], warnings: [] });
    expect(deliveries).toMatchObject([
      {
        fingerprint: '20f7da56295f2463',
        alertName: 'InstanceDown',
        severity: 'critical',
        status: 'firing',
        startsAt: new Date('2026-01-31T12:00:00.123Z'),
        endsAt: null,
        resolveAfterMs: null,
        generatorUrl: 'http://prometheus.example:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
      },
    ]);
  });

  it('computes the fingerprint that Alertmanager sent', () => {
    for (const name of ['alertmanager-0.25-firing', 'alertmanager-0.25-resolved-truncated']) {
      const { alerts } = readFixture<{ alerts: { fingerprint: string }[] }>(name);
      expect(read(name).deliveries.map((one) => one.fingerprint)).toEqual(
        alerts.map((one) => one.fingerprint),
      );
    }
  });

  it('tells resolved alerts from firing ones in one message, and that some are missing', () => {
    const { deliveries, warnings } = read('alertmanager-0.25-resolved-truncated');
    expect(
      deliveries.map((one) => [one.status, one.endsAt?.toISOString() ?? null, one.truncatedAlerts]),
    ).toEqual([
      ['resolved', '2026-01-31T12:07:21.448Z', 2],
      ['firing', null, 2],
    ]);
    expect(warnings).toEqual([expect.stringContaining('left 2 alerts out')]);
  });

  it('keeps the fields that newer versions add', () => {
    const { deliveries, rejected } = read('alertmanager-0.34-firing');
    expect(rejected).toEqual([]);
    expect(deliveries[0]?.extras).toMatchObject({
      notification_reason: 'group_changed',
      routeLabels: { team: 'shop' },
      silenceURL: 'http://alertmanager.example:9093/#/silences/new',
      groupKey: '{}:{alertname="InstanceDown"}',
      receiver: 'hook',
    });
  });

  it('names each wrong field and takes the other alerts', () => {
    const good = { status: 'firing', labels: { alertname: 'Good' } };
    const { deliveries, rejected } = alertmanagerAdapter.read(
      { alerts: [good, { status: 'odd', labels: { alertname: 7 }, startsAt: 'yesterday' }, good, 'text'] },
      context,
    );
    expect(deliveries).toHaveLength(2);
    expect(rejected.map(({ index, errors }) => [index, errors.map((error) => error.field)])).toEqual([
      [1, ['alerts.1.labels.alertname', 'alerts.1.startsAt', 'alerts.1.status']],
      [3, ['alerts.3']],
    ]);
  });

  it('refuses what is no webhook, naming what is missing', () => {
    expect(() => alertmanagerAdapter.read({ version: '4' }, context)).toThrow(
      'alerts: Must be an array and is missing',
    );
    expect(() => alertmanagerAdapter.read('text', context)).toThrow('body: Must be the object');
  });

  it('replaces what PostgreSQL cannot store in texts, and refuses it in labels', () => {
    const odd = (labels: object) => ({
      alerts: [{ status: 'firing', labels, annotations: { a: 'x\0y' }, more: ['\ud800'] }],
    });
    const [delivery] = alertmanagerAdapter.read(odd({ alertname: 'x' }), context).deliveries;
    expect(delivery).toMatchObject({ annotations: { a: 'x\ufffdy' }, extras: { more: ['\ufffd'] } });
    expect(alertmanagerAdapter.read(odd({ alertname: 'x\0' }), context).rejected).toMatchObject([
      { index: 0, errors: [{ field: 'alerts.0.labels.alertname' }] },
    ]);
  });
});

describe('API v2 as Prometheus speaks it', () => {
  const read = (body: unknown) => prometheusAdapter.read(body, context);
  const one = (alert: object) => read([alert]).deliveries[0];
  const labels = { alertname: 'HighCPU' };

  it('is read as Prometheus sends it', () => {
    expect(read(readFixture('prometheus-firing')).deliveries).toMatchObject([
      {
        alertName: 'InstanceDown',
        severity: 'critical',
        status: 'firing',
        startsAt: new Date('2026-01-31T12:00:00.123Z'),
        endsAt: new Date('2026-01-31T12:04:15.317Z'),
      },
    ]);
    expect(read(readFixture('prometheus-resolved')).deliveries).toMatchObject([
      { status: 'resolved', endsAt: new Date('2026-01-31T12:02:30.123Z') },
    ]);
  });

  it('starts an alert without a start now, or at its end if it has one', () => {
    expect(one({ labels })).toMatchObject({ startsAt: context.now, startsAtStated: false, endsAt: null });
    expect(one({ labels, endsAt: '2026-01-31T12:01:00Z' })).toMatchObject({
      startsAt: new Date('2026-01-31T12:01:00Z'),
      status: 'resolved',
    });
  });

  it('resolves an alert without an end by the timeout, and takes the zero time for none', () => {
    expect(one({ labels, endsAt: '0001-01-01T00:00:00Z' })).toMatchObject({
      endsAt: null,
      resolveAfterMs: 300_000,
    });
  });

  it('refuses an end before the start, and alerts without a label that says something', () => {
    const bad = [
      { labels, startsAt: '2026-01-31T12:02:00Z', endsAt: '2026-01-31T12:01:00Z' },
      { labels: {} },
      { labels: { alertname: '' } },
      { labels: { '': 'x' } },
      {},
    ];
    const { deliveries, rejected } = read([...bad, { labels }]);
    expect(deliveries).toHaveLength(1);
    expect(rejected.map(({ errors }) => errors[0]?.field)).toEqual([
      'alerts.0.endsAt',
      'alerts.1.labels',
      'alerts.2.labels',
      'alerts.3.labels',
      'alerts.4.labels',
    ]);
  });

  it('drops labels without a value, which Alertmanager does not count', () => {
    expect(one({ labels: { ...labels, team: '' } })?.labels).toEqual(labels);
  });

  it('reads times with an offset and with nanoseconds', () => {
    expect(one({ labels, startsAt: '2026-01-31T13:00:00.123456789+01:00' })?.startsAt).toEqual(
      new Date('2026-01-31T12:00:00.123Z'),
    );
  });

  it('keeps fields that it does not know', () => {
    expect(one({ labels, fingerprint: 'abc', extra: { a: [1] } })?.extras).toEqual({
      fingerprint: 'abc',
      extra: { a: [1] },
    });
  });

  it('gives the severities of other tools their place among ours', () => {
    const severity = (word: string) => one({ labels: { ...labels, severity: word } })?.severity;
    const words = [
      'critical',
      'page',
      'error',
      'high',
      'major',
      'warning',
      'minor',
      'info',
      'none',
      'CRITICAL',
    ];
    expect(words.map(severity)).toEqual([
      ...['critical', 'critical', 'high', 'high', 'high', 'warning', 'warning', 'info', 'info', 'critical'],
    ]);
    expect(one({ labels })?.severity).toBe('info');
  });
});
