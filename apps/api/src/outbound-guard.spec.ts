import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import type {
  AnalysisHop,
  ChannelDto,
  ChannelTestResult,
  ExecutionDto,
  ExecutionOutputDto,
  LlmProviderDto,
  RunbookDto,
  TargetDto,
  TargetTestResult,
} from '@aiops/contracts';
import { freePort, startSmtpReceiver, until, type SmtpReceiver } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './testing/test-engine.js';

/** Whatever carries an address that somebody wrote, made to call this machine. */
describe('an engine that may not call its own machine', () => {
  let engine: TestEngine;
  let service: Server;
  let mail: SmtpReceiver;
  let port: number;
  let connections = 0;
  let channels = 0;
  beforeAll(async () => {
    mail = await startSmtpReceiver();
    engine = await startTestEngine({ OUTBOUND_ALLOWED: `127.0.0.1:${mail.port}`, LOG_LEVEL: 'silent' });
    service = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening));
    port = (service.address() as AddressInfo).port;
  });
  afterAll(async () => {
    await engine.stop();
    await mail.stop();
    service.close();
  });

  const testChannel = async (config: object): Promise<ChannelTestResult> => {
    const name = `channel ${++channels}`;
    const { body } = await engine.api<ChannelDto>('POST', '/notification-channels', {
      body: { name, config },
    });
    return (await engine.api<ChannelTestResult>('POST', `/notification-channels/${body.id}/test`)).body;
  };
  const email = (host: string, mailPort: number) => ({
    kind: 'email',
    host,
    port: mailPort,
    security: 'none',
    from: 'aiops@example.com',
    to: ['ops@example.com'],
  });
  const testProvider = async (base: object): Promise<AnalysisHop> => {
    const body = { name: 'local', model: 'm', timeout_ms: 5000, ...base };
    const made = await engine.api<LlmProviderDto>('POST', '/llm-providers', { body });
    const tested = await engine.api<AnalysisHop>('POST', `/llm-providers/${made.body.id}/test`);
    await engine.api('DELETE', `/llm-providers/${made.body.id}`);
    return tested.body;
  };
  const testTarget = async (targetPort: number): Promise<string[]> => {
    const place = { kind: 'http', host: '127.0.0.1', port: targetPort, username: 'nobody' };
    const body = { name: `service-${targetPort}`, ...place };
    const made = await engine.api<TargetDto>('POST', '/targets', { body });
    expect(made.body).toMatchObject(place);
    const { stages } = (await engine.api<TargetTestResult>('POST', `/targets/${made.body.id}/test`)).body;
    return stages.map(({ message }) => message.replaceAll(String(targetPort), 'PORT'));
  };

  it('has its webhooks and mail servers refused, with the setting that would allow them', async () => {
    for (const config of [
      { kind: 'slack', webhook_url: `http://127.0.0.1:${port}/services/x` },
      { kind: 'webhook', url: `http://localhost:${port}/hook` },
      email('127.0.0.1', port),
      email('localhost', port),
      email('0x7f.1', port),
    ]) {
      const { ok, detail } = await testChannel(config);
      expect(ok).toBe(false);
      expect(detail).toMatch(
        new RegExp(`^\\S+:${port} leads to .* add \\S+:${port} to the setting OUTBOUND_ALLOWED`),
      );
    }
    expect(connections).toBe(0);
  });

  it('sends mail through the server that is listed', async () => {
    expect(await testChannel(email('127.0.0.1', mail.port))).toMatchObject({ ok: true });
    await until(() => mail.mails.length === 1, { description: 'the mail to arrive' });
    // This server speaks no TLS: a channel that wants it says nothing in the clear.
    for (const security of ['tls', 'starttls']) {
      const { ok, detail } = await testChannel({ ...email('127.0.0.1', mail.port), security });
      expect([ok, detail]).toEqual([false, expect.stringMatching(/TLS|SSL/i)]);
    }
    expect(mail.mails).toHaveLength(1);
  });

  it('has its models refused, Ollama’s own address too', async () => {
    const addressed = await testProvider({
      kind: 'openai_compatible',
      base_url: `http://127.0.0.1:${port}/v1`,
    });
    expect(addressed).toMatchObject({ outcome: 'error' });
    expect(addressed.detail).toContain(`add 127.0.0.1:${port} to the setting OUTBOUND_ALLOWED`);
    const ollama = await testProvider({ kind: 'ollama' });
    expect(ollama.detail).toContain('add 127.0.0.1:11434 to the setting OUTBOUND_ALLOWED');
    expect(connections).toBe(0);
  });

  it('tells of no port of its own machine whether it is open', async () => {
    const [open, closed] = [await testTarget(port), await testTarget(await freePort())];
    expect(open).toEqual(closed);
    expect(open.at(-1)).toContain('OUTBOUND_ALLOWED');
    expect(connections).toBe(0);
  });

  it('has a step of a runbook fail before anything is sent, and says why', async () => {
    const yaml = `name: call-home
steps: [{ name: Call, http: { url: "http://127.0.0.1:${port}/" } }]`;
    const runbook = await engine.api<RunbookDto>('POST', '/runbooks', { body: { yaml } });
    expect(runbook.status).toBe(201);
    const { body } = await engine.api<ExecutionDto>('POST', `/runbooks/${runbook.body.id}/execute`, {
      body: {},
    });
    const ended = await until(
      async () => {
        const now = (await engine.api<ExecutionDto>('GET', `/executions/${body.id}`)).body;
        if (now.status === 'awaiting_approval')
          await engine.api('POST', `/executions/${body.id}/approve`, { body: {} });
        return ['failed', 'succeeded', 'needs_attention'].includes(now.status) && now;
      },
      { description: 'the execution to end' },
    );
    expect(ended.status).toBe('failed');
    const output = await engine.api<ExecutionOutputDto>('GET', `/executions/${body.id}/output`);
    expect(JSON.stringify([ended, output.body])).toContain('OUTBOUND_ALLOWED');
    expect(connections).toBe(0);
  });
});

/**
 * Files that open connections, each with the reason why it may. Whoever adds one says here why it is safe, or goes
 * through `Outbound`.
 */
const connecting: Record<string, string> = {
  'executor/http/http-client.service.ts': 'by the agent of Outbound',
  'executor/target/test-stages.ts': 'to SSH targets, and by Outbound to others',
  'notification/delivery/email.sender.ts': 'by a socket of Outbound',
  'notification/delivery/http-post.ts': 'by the dispatcher of Outbound',
  'platform/observability/traced-agent.ts': 'traces what the others here open',
  'platform/outbound/outbound.service.ts': 'is the guard',
  'platform/secrets/vault-http.ts': 'to an address of the settings',
};
const opens = [
  /from '(undici|nodemailer|node:http2|node:tls)'/,
  /import \{[^}]*\b(request|get|Agent)\b[^}]*\} from 'node:https?'/,
  /import \{[^}]*\b(connect|createConnection|Socket)\b[^}]*\} from 'node:net'/,
  /(await|return|=>|=) (globalThis\.)?fetch\(/,
];

describe('the source', () => {
  it('opens connections only where somebody has thought about where they lead', () => {
    const root = import.meta.dirname;
    const sourceOf = (file: string): string =>
      readFileSync(join(root, file), 'utf8')
        .replaceAll(/^import type .*$/gm, '')
        .replaceAll(/\btype \w+/g, '');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.(spec|fixture)\.ts$|^testing\//.test(file))
      .filter((file) => opens.some((way) => way.test(sourceOf(file))));
    expect(files.toSorted()).toEqual(Object.keys(connecting).toSorted());
  });
});
