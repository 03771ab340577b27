import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertDto, AnalysisDto, ExecutionDto, PageDto, RunbookDto } from '@aiops/contracts';
import { until } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

const MINUTE = 60_000;
const past = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();

/** Two engines on one database: whoever is asked, the figures must be right. */
describe('business metrics (R3.4)', () => {
  let engines: TestEngine[] = [];
  let first: TestEngine;
  let service: Server;
  let runbook: RunbookDto;

  beforeAll(async () => {
    service = createServer((request, response) => {
      response.statusCode = request.url === '/works' ? 200 : 500;
      response.end();
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    first = await startTestEngine();
    engines = [first, await startTestEngine({ DATABASE_URL: first.databaseUrl, ...keysOf(first) })];
    runbook = await runbookThat('works');
  });
  afterAll(async () => {
    for (const engine of engines.toReversed()) await engine.stop();
    service.close();
  });

  const keysOf = ({ config }: TestEngine) => ({
    JWT_SECRETS: config.settings.JWT_SECRETS.map(({ kid, secret }) => `${kid}:${secret}`).join(','),
  });
  const runbookThat = async (path: 'works' | 'fails') => {
    const { port } = service.address() as AddressInfo;
    const body = `name: ${path}
category: web
triggers: [{ alert_name: ${path === 'works' ? 'Down' : 'Never'} }]
steps: [{ name: Call, http: { url: "http://127.0.0.1:${port}/${path}" } }]`;
    const made = await first.api<RunbookDto>('POST', '/runbooks', { body });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body;
  };
  const send = (alert: object) =>
    first.api('POST', '/ingest/prometheus/api/v2/alerts', { body: [{ startsAt: past(20), ...alert }] });
  const alertNamed = async (name: string) => {
    const page = await first.api<PageDto<AlertDto>>('GET', `/alerts?alert_name=${name}`);
    const [alert] = page.body.data;
    if (alert === undefined) throw new Error(`no alert ${name}`);
    return alert;
  };
  const run = async ({ id }: RunbookDto, body: object, end: string) => {
    const asked = await first.api<ExecutionDto>('POST', `/runbooks/${id}/execute`, { body });
    if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
    await until(
      async () =>
        (await first.api<ExecutionDto>('GET', `/executions/${asked.body.id}`)).body.status === end || null,
      { description: `an execution that ${end}`, timeoutMs: 30_000 },
    );
  };

  /** The value of a series in one engine; 0 when it is not there. */
  async function valueIn(engine: TestEngine, series: string): Promise<number> {
    const text = await (await fetch(`${engine.url}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return Number(line?.slice(series.length) ?? 0);
  }
  const sum = async (series: string) =>
    (await valueIn(engines[0] ?? first, series)) + (await valueIn(engines[1] ?? first, series));
  const untilSum = (series: string, value: number) =>
    until(async () => (await sum(series)) === value || null, { description: `${series} to be ${value}` });
  const expectEach = async (series: string, value: number) => {
    for (const engine of engines) expect([series, await valueIn(engine, series)]).toEqual([series, value]);
  };

  it('begin with every severity and outcome at zero, so that the first one counts', async () => {
    const text = await (await fetch(`${first.url}/metrics`)).text();
    expect(text).toContain('aiops_mttr_seconds_count{severity="critical"} 0');
    expect(text).toContain('aiops_executions_finished_total{outcome="failed"} 0');
  });

  it('count each recovery once over all instances, by the time it took', async () => {
    const labels = { alertname: 'Over', severity: 'critical' };
    await send({ labels });
    await send({ labels, endsAt: past(1) });
    await untilSum('aiops_mttr_seconds_count{severity="critical"}', 1);
    expect(await sum('aiops_mttr_seconds_bucket{le="900",severity="critical"}')).toBe(0);
    expect(await sum('aiops_mttr_seconds_bucket{le="1800",severity="critical"}')).toBe(1);
  });

  it('count what became of executions, and nothing of dry runs', async () => {
    await run(runbook, { dry_run: true }, 'succeeded');
    await run(runbook, {}, 'succeeded');
    await run(await runbookThat('fails'), {}, 'failed');
    await untilSum('aiops_executions_finished_total{outcome="failed"}', 1);
    await untilSum('aiops_executions_finished_total{outcome="succeeded"}', 1);
    await untilSum('aiops_execution_duration_seconds_count{outcome="succeeded"}', 1);
  });

  it('tell of alerts, runbooks and recommendations the same on every instance', async () => {
    await send({ labels: { alertname: 'Down', severity: 'warning' } });
    const { id } = await alertNamed('Down');
    await first.api('POST', `/alerts/${id}/analyze`);
    // The engine asks for one by itself too, and what is run before its recommendation does not follow from it.
    const analyses = await until(
      async () => {
        const { data } = (await first.api<PageDto<AnalysisDto>>('GET', `/alerts/${id}/analyses`)).body;
        return data.length === 2 && data.every(({ status }) => status === 'completed') ? data : null;
      },
      { description: 'both analyses' },
    );
    expect(analyses[0]?.recommended_runbook).toMatchObject({ id: runbook.id });
    await run(runbook, { alert_id: id }, 'succeeded');

    // Figures from the database are remembered for ten seconds.
    const adopted = 'aiops_ai_recommendation_adoption{provider="template",outcome="adopted"}';
    await until(async () => ((await valueIn(first, adopted)) === 1 && (await sum(adopted)) === 2) || null, {
      description: 'both to know of the adoption',
      timeoutMs: 30_000,
    });
    await expectEach('aiops_ai_recommendation_adoption{provider="template",outcome="none"}', 0);
    await expectEach('aiops_alerts_by_source{source="prometheus",severity="warning"}', 1);
    await expectEach('aiops_alerts_by_source{source="prometheus",severity="critical"}', 0);
    await expectEach('aiops_runbook_success_rate{category="web"}', 2 / 3);
    await expectEach('aiops_runbook_breaker_state{runbook="works"}', 0);
  }, 60_000);
});
