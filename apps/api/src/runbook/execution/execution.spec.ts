import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionDto } from '@aiops/contracts';
import { sshdAvailable } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { runbookClient, startHost, yamlOf, type Host, type RunbookClient } from './execution.fixture.js';

const statuses = (execution: ExecutionDto) => execution.steps.map((step) => `${step.name}: ${step.status}`);

describe.runIf(sshdAvailable())('an execution on a real host', () => {
  let engine: TestEngine;
  let host: Host;
  let client: RunbookClient;
  let server: Server;
  const received: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
  let base: string;

  beforeAll(async () => {
    engine = await startTestEngine();
    client = runbookClient(engine.api);
    host = await startHost(engine.api);
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body,
        });
        response.statusCode = request.url === '/broken' ? 500 : 200;
        response.end('{"ok": true, "node": "a"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.close();
    await engine.stop();
    await host.stop();
  });

  const run = async (sections: string, body: object = {}) => {
    const execution = await client.execute(await client.create(yamlOf(host.target, sections)), body);
    return client.untilStatus(
      execution.id,
      'succeeded',
      'failed',
      'rolled_back',
      'timed_out',
      'rejected',
      'cancelled',
      'needs_attention',
    );
  };

  it('runs its steps in order and passes what a step registered to commands, conditions and HTTP steps', async () => {
    const done = await run(`
steps:
  - { name: One, command: "echo one >> ${host.path('order')}; echo 4711", register: pid }
  - { name: Two, command: "echo two-{{ steps.pid.stdout }} >> ${host.path('order')}" }
  - { name: Never, command: "echo never >> ${host.path('order')}", when: 'steps.pid.stdout == "1"' }
  - { name: Tell, http: { method: POST, url: "${base}/pool", json: { pid: "{{ steps.pid.stdout }}" }, expect: { json: { ok: true } } }, register: answer }
  - { name: Three, command: "echo {{ steps.answer.json.node }}-{{ steps.answer.status }} >> ${host.path('order')}" }
`);
    expect(done.status, done.reason ?? '').toBe('succeeded');
    expect(statuses(done)).toEqual([
      'One: succeeded',
      'Two: succeeded',
      'Never: skipped',
      'Tell: succeeded',
      'Three: succeeded',
    ]);
    expect(host.lines('order')).toEqual(['one', 'two-4711', 'a-200']);
    expect(received.at(-1)).toMatchObject({ method: 'POST', url: '/pool', body: '{"pid":"4711"}' });
    expect(done.steps[0]).toMatchObject({ exit_code: 0, attempt: 1 });
    expect(done.steps[1]?.command).toContain("two-'4711'");
    expect(await client.output(done.id)).toContain('4711');
  });

  it('does nothing to the host with a hostile value but passes it on', async () => {
    const done = await run(
      `
parameters: [{ name: text, type: string, required: true }]
steps:
  - { name: Say, command: "cd ${host.folder} && printf '%s' {{ parameters.text }}", register: said }
  - { name: Say it again, command: "cd ${host.folder} && echo \\"{{ steps.said.stdout }}\\"" }
`,
      { parameters: { text: '$(touch x); `touch x` & "touch x" \'' } },
    );
    expect(done.status, done.reason ?? '').toBe('succeeded');
    expect(host.lines('x')).toEqual([]);
    expect((await client.output(done.id)).split('touch x')).toHaveLength(7);
  });

  it('fails when a step fails, and leaves the rest alone', async () => {
    const done = await run(`
steps:
  - { name: Bad, command: "exit 3" }
  - { name: After, command: "echo after >> ${host.path('after')}" }
`);
    expect(done).toMatchObject({
      status: 'failed',
      steps: [{ status: 'failed', exit_code: 3 }, { status: 'skipped' }],
    });
    expect(done.reason).toContain('Exit code 3, expected 0');
    expect(host.lines('after')).toEqual([]);
  });

  it('rolls back over the connection that is still open, the failed step included, and records it', async () => {
    const done = await run(`
steps:
  - { name: Stop, command: "echo stopped >> ${host.path('rollback')}" }
  - { name: Replace, command: "echo half >> ${host.path('rollback')}; exit 1", on_failure: rollback }
rollback:
  - { name: Start again, command: "echo started >> ${host.path('rollback')}; echo back" }
`);
    expect(done.status).toBe('rolled_back');
    expect(statuses(done)).toEqual(['Stop: succeeded', 'Replace: failed', 'Start again: succeeded']);
    expect(host.lines('rollback')).toEqual(['stopped', 'half', 'started']);
    expect(await client.output(done.id)).toContain('back');
  });

  it('tries a step again, and succeeds only when the verification held', async () => {
    const done = await run(`
steps:
  - { name: Flaky, command: "echo try >> ${host.path('flaky')}; test $(wc -l < ${host.path('flaky')}) -ge 3", retries: { attempts: 3, delay: 10ms } }
verify:
  - { name: Check, command: "cat ${host.path('flaky')} | head -n1", expected_output: try }
`);
    expect(done.status, done.reason ?? '').toBe('succeeded');
    expect(host.lines('flaky')).toHaveLength(3);
    expect(done.steps[0]).toMatchObject({ attempt: 3, status: 'succeeded' });
  });

  it('is a failure when the verification does not hold, and is rolled back', async () => {
    const done = await run(`
steps: [{ name: Fix, command: "true" }]
rollback: [{ name: Undo, command: "echo undone >> ${host.path('undo')}" }]
verify: [{ name: Check, command: "echo inactive", expected_output: active }]
`);
    expect(done.status).toBe('rolled_back');
    expect(done.reason).toContain('Printed "inactive", expected "active"');
    expect(host.lines('undo')).toEqual(['undone']);
  });

  it('stops a step that takes too long, and its processes', async () => {
    const done = await run(`
steps: [{ name: Slow, command: "echo $$ > ${host.path('pid')}; sleep 300", timeout: 1s }]
`);
    expect(done.status).toBe('timed_out');
    expect(() => process.kill(Number(host.lines('pid')[0]), 0)).toThrow();
  });

  it('fails an HTTP step that is answered otherwise than expected, and keeps its headers secret', async () => {
    await engine.api('POST', '/credentials', {
      body: { name: 'lb_token', kind: 'token', secret: 'tok-secret-9876' },
    });
    const done = await run(`
steps:
  - { name: Ask, http: { url: "${base}/ok", headers: { Authorization: "Bearer {{ secrets.lb_token }}" } } }
  - { name: Echo, command: "echo leak-{{ secrets.lb_token }}" }
  - { name: Broken, http: { url: "${base}/broken" } }
`);
    expect(done.status).toBe('failed');
    expect(done.reason).toMatch(/status 500/i);
    expect(received.some((request) => request.headers['authorization'] === 'Bearer tok-secret-9876')).toBe(
      true,
    );
    expect(await client.output(done.id)).toContain('leak-***');
    expect(JSON.stringify(done)).not.toContain('tok-secret');
    expect(await client.output(done.id)).not.toContain('tok-secret');
  });

  it('as a dry run shows the plan and touches nothing', async () => {
    const runbook = await client.create(
      yamlOf(host.target, `steps: [{ name: Act, command: "echo acted >> ${host.path('dry')}" }]`),
    );
    const planned = await client.execute(runbook, { dry_run: true });
    expect(planned).toMatchObject({
      dry_run: true,
      started_at: null,
      steps: [{ status: 'skipped', attempt: 0 }],
    });
    expect(planned.plan?.steps[0]?.command).toContain('echo acted');
    expect(planned.reason).toContain('Dry run');
    const real = await client.untilStatus((await client.execute(runbook)).id, 'succeeded');
    expect(real.dry_run).toBe(false);
    expect(host.lines('dry')).toEqual(['acted']);
    const stored = await engine.api<{ stats: object }>('GET', `/runbooks/${runbook.id}`);
    expect(stored.body.stats).toMatchObject({ runs: 1, succeeded: 1 });
  });

  it('works through several targets one after the other and stops after too many failures', async () => {
    const second = await startHost(engine.api);
    const runbook = await client.create(`
name: several-targets
targets: { names: ["${host.target.name}", "${second.target.name}"] }
steps: [{ name: Act, command: "echo {{ target.name }} >> ${host.path('several')}; exit 1" }]`);
    const done = await client.untilStatus((await client.execute(runbook)).id, 'failed');
    expect(host.lines('several')).toEqual([host.target.name]);
    expect(statuses(done)).toEqual(['Act: failed', 'Act: skipped']);
    await second.stop();
  });

  it('stores large output to its limit with one mark', async () => {
    const done = await run(`steps: [{ name: Much, command: "head -c 30000000 /dev/zero | tr '\\\\0' a" }]`);
    expect(done.status, done.reason ?? '').toBe('succeeded');
    let after = 0;
    let bytes = 0;
    let last = '';
    for (;;) {
      const page = (
        await engine.api<{ chunks: { text: string }[]; next_offset: number; has_more: boolean }>(
          'GET',
          `/executions/${done.id}/output?after=${after}&limit=1000`,
        )
      ).body;
      bytes += page.chunks.reduce((sum, chunk) => sum + chunk.text.length, 0);
      last = page.chunks.at(-1)?.text ?? last;
      after = page.next_offset;
      if (!page.has_more) break;
    }
    expect(last).toContain('Output limit of 10485760 bytes reached');
    expect(bytes).toBe(10 * 1024 * 1024 + last.length);
  });
});
