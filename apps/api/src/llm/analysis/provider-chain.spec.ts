import { startLlmServer, until, type LlmBehaviour, type LlmServer } from '@aiops/testing';
import type { LlmProviderDto } from '@aiops/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Breakers } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { AnalysisService } from './analysis.service.js';
import type { AnalysisFacts } from './facts.js';
import { ProviderChain } from './provider-chain.js';

const facts: AnalysisFacts = {
  alert: {
    id: '01890000-0000-7000-8000-000000000001',
    alertName: 'ServiceDown',
    severity: 'critical',
    status: 'firing',
    labels: { service: 'shop' },
    annotations: {},
    startsAt: '2026-03-01T11:57:00.000Z',
    occurrences: 1,
  },
  now: '2026-03-01T12:00:00.000Z',
  episodes: [],
  runs: [],
  related: [],
  candidates: [
    {
      id: '01890000-0000-7000-8000-000000000002',
      name: 'restart-service',
      description: '',
      matches: true,
      reasons: [],
    },
  ],
  rule: null,
};
const answer = {
  summary: 'The shop is down.',
  root_cause: 'The process died.',
  impact: 'Nobody can buy.',
  confidence: 0.8,
  evidence: ['it does not answer'],
  recommended_runbook: 'restart-service',
  recommendation_reason: 'It restarts the process.',
};
const kinds = [
  { kind: 'anthropic', path: '/messages', model: 'claude-sonnet-4-5' },
  { kind: 'openai', path: '/responses', model: 'gpt-5' },
  { kind: 'openai_compatible', path: '/chat/completions', model: 'qwen3' },
  { kind: 'ollama', path: '/chat/completions', model: 'llama3' },
] as const;

describe('the provider chain', () => {
  let engine: TestEngine;
  let server: LlmServer;
  let chain: ProviderChain;
  const made: LlmProviderDto[] = [];

  beforeAll(async () => {
    engine = await startTestEngine();
    server = await startLlmServer(answer);
    chain = engine.app.get(ProviderChain);
  });
  afterAll(async () => {
    await engine.stop();
    await server.stop();
  });
  afterEach(async () => {
    for (const provider of made.splice(0)) {
      await engine.api('DELETE', `/llm-providers/${provider.id}`);
      engine.app.get(Breakers).reset(`llm:${provider.name}`);
    }
    server.behave({ kind: 'answer', value: answer });
    server.requests.length = 0;
  });

  async function provider(over: Record<string, unknown> = {}): Promise<LlmProviderDto> {
    const body = {
      name: 'primary',
      kind: 'openai_compatible',
      model: 'qwen3',
      base_url: `${server.url}/v1`,
      api_key: 'sk-test-0123456789abcdef',
      timeout_ms: 20_000,
      ...over,
    };
    const created = await engine.api<LlmProviderDto>('POST', '/llm-providers', { body });
    expect(created.status).toBe(201);
    made.push(created.body);
    return created.body;
  }
  const analyze = () => chain.analyze(facts, new AbortController().signal);

  it.each(kinds)('takes a structured answer in the wire format of $kind', async ({ kind, path, model }) => {
    await provider({ kind, model });
    const { provider: name, result, hops } = await analyze();
    expect(hops).toMatchObject([{ provider: 'primary', outcome: 'ok' }]);
    expect(name).toBe('primary');
    expect(result).toMatchObject({
      summary: 'The shop is down.',
      recommendedRunbook: { name: 'restart-service' },
    });
    expect(server.requests[0]?.path).toContain(path);
    expect(JSON.stringify(server.requests[0]?.body)).toContain('recommended_runbook');
  });

  const failures: [string, LlmBehaviour, string][] = [
    ['is rate-limited', { kind: 'status', status: 429 }, 'rate_limited'],
    ['is broken', { kind: 'status', status: 500 }, 'unavailable'],
    ['refuses the key', { kind: 'status', status: 401 }, 'refused'],
    ['cuts the connection', { kind: 'cut' }, 'error|unavailable|malformed'],
    ['answers in no format', { kind: 'garbage' }, 'malformed'],
    ['answers prose instead of the structure', { kind: 'text', text: 'I think it is DNS.' }, 'malformed'],
    ['leaves out what was asked for', { kind: 'answer', value: { summary: 'x' } }, 'malformed'],
  ];
  it.each(failures)(
    'falls through to the template when the provider %s, and records the hop',
    async (_what, behaviour, outcome) => {
      server.behave(behaviour);
      await provider();
      const { provider: name, result, hops } = await analyze();
      expect(name).toBe('template');
      expect(result.summary).toContain('ServiceDown');
      expect(hops.map((hop) => hop.provider)).toEqual(['primary', 'template']);
      expect(hops[0]?.outcome).toMatch(new RegExp(`^(${outcome})$`));
    },
  );

  it.each([
    ['never answers', { kind: 'silent' }],
    ['stops in the middle of its answer', { kind: 'stall' }],
  ] as [string, LlmBehaviour][])('gives up on a provider that %s', async (_what, behaviour) => {
    server.behave(behaviour);
    await provider({ timeout_ms: 200 });
    const { hops } = await analyze();
    expect(hops.map((hop) => hop.outcome)).toEqual(['timeout', 'ok']);
  });

  it('asks the providers by priority and stops at the first answer', async () => {
    const second = await startLlmServer(answer);
    try {
      server.behave({ kind: 'status', status: 503 });
      await provider({ name: 'first', priority: 1 });
      await provider({ name: 'second', priority: 2, base_url: `${second.url}/v1` });
      await provider({ name: 'third', priority: 3 });
      const { provider: name, hops } = await analyze();
      expect(name).toBe('second');
      expect(hops.map((hop) => `${hop.provider} ${hop.outcome}`)).toEqual(['first unavailable', 'second ok']);
    } finally {
      await second.stop();
    }
  });

  it('stops asking a provider that keeps failing, and says so', async () => {
    server.behave({ kind: 'status', status: 500 });
    const { id } = await provider();
    for (let call = 0; call < 3; call++) await analyze();
    const requests = server.requests.length;
    const { hops } = await analyze();
    expect(hops[0]?.outcome).toBe('breaker_open');
    expect(server.requests).toHaveLength(requests);
    const shown = await engine.api<LlmProviderDto>('GET', `/llm-providers/${id}`);
    expect(shown.body.breaker).toBe('open');
  });

  it('does its work as a job and keeps the hops with the analysis', async () => {
    await provider();
    const analyses = engine.app.get(AnalysisService);
    const { id } = await analyses.request(facts, 'test');
    const done = await until(
      async () => {
        const analysis = await analyses.get(id);
        return analysis.status === 'completed' && analysis;
      },
      { description: 'the analysis to complete' },
    );
    expect(done).toMatchObject({ provider: 'primary', hops: [{ outcome: 'ok' }] });
  });

  it('never gives the API key back and keeps it when a change leaves it out', async () => {
    const created = await provider({ kind: 'openai', model: 'gpt-5', base_url: `${server.url}/v1` });
    expect(created.api_key).toBe('sk-t***def');
    const replaced = await engine.api<LlmProviderDto>('PUT', `/llm-providers/${created.id}`, {
      body: { name: 'primary', kind: 'openai', model: 'gpt-6', base_url: `${server.url}/v1` },
    });
    expect(replaced.body.api_key).toBe('sk-t***def');
    await analyze();
    expect(server.requests[0]?.headers.authorization).toBe('Bearer sk-test-0123456789abcdef');
  });

  it('says what the test of a provider found', async () => {
    const { id } = await provider();
    server.behave({ kind: 'text', text: 'ready' });
    expect((await engine.api('POST', `/llm-providers/${id}/test`)).body).toMatchObject({
      outcome: 'ok',
      detail: 'ready',
    });
    server.behave({ kind: 'status', status: 401 });
    expect((await engine.api('POST', `/llm-providers/${id}/test`)).body).toMatchObject({
      outcome: 'refused',
    });
  });

  it('wants a key from those that need one', async () => {
    const body = { name: 'x', kind: 'anthropic', model: 'claude' };
    const refused = await engine.api('POST', '/llm-providers', { body });
    expect(refused.status).toBe(400);
    expect(refused.body['errors']).toEqual([
      { field: 'api_key', message: 'A provider of the kind anthropic needs an API key' },
    ]);
  });
});
