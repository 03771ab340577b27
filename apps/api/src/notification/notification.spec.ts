import type { ChannelDto, FailedOperationDto, NotificationDto, PageDto } from '@aiops/contracts';
import { startHttpReceiver, startSmtpReceiver, until, type HttpReceiver } from '@aiops/testing';
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Breakers } from '../platform/index.js';
import { startTestEngine, type TestEngine } from '../testing/test-engine.js';

const secret = 'a signing secret of the tests';

describe('notifications', () => {
  let engine: TestEngine;
  let receiver: HttpReceiver;
  const made: { path: string; id: string }[] = [];
  let count = 0;

  beforeAll(async () => {
    engine = await startTestEngine();
    receiver = await startHttpReceiver();
  });
  afterAll(async () => {
    await engine.stop();
    await receiver.stop();
  });
  afterEach(async () => {
    for (const { path, id } of made.splice(0).reverse()) await engine.api('DELETE', `${path}/${id}`);
    receiver.answer(200);
    receiver.requests.length = 0;
  });

  async function channel(config: object, name = `channel ${++count}`): Promise<ChannelDto> {
    const { status, body } = await engine.api<ChannelDto>('POST', '/notification-channels', {
      body: { name, config },
    });
    expect(status).toBe(201);
    made.push({ path: '/notification-channels', id: body.id });
    return body;
  }
  async function tell(channelId: string, over: object = {}): Promise<void> {
    const body = { name: `policy ${++count}`, events: ['alert.fired'], channel_ids: [channelId], ...over };
    const made_ = await engine.api<{ id: string }>('POST', '/notification-policies', { body });
    expect(made_.status).toBe(201);
    made.push({ path: '/notification-policies', id: made_.body.id });
  }
  async function fire(
    labels: Record<string, string>[],
    annotations: Record<string, string> = {},
  ): Promise<void> {
    const body = labels.map((set) => ({ labels: { run: String(++count), ...set }, annotations }));
    const sent = await engine.api('POST', '/ingest/prometheus/api/v2/alerts', { body });
    expect(sent.status).toBe(200);
  }
  const slack = () => ({ kind: 'slack', webhook_url: `${receiver.url}/services/T0/B0/secret-part` });
  const arrived = (requests: number) =>
    until(() => receiver.requests.length >= requests && receiver.requests, {
      description: `${requests} requests`,
    });
  const deliveries = async (id: string) =>
    (await engine.api<PageDto<NotificationDto>>('GET', `/notifications?channel_id=${id}`)).body.data;

  it('go to a Slack webhook, with whatever a label says escaped', async () => {
    await tell((await channel(slack())).id);
    await fire([{ alertname: 'Down<!channel>', severity: 'critical' }], {
      summary: 'see <http://evil|here> & there',
    });
    const [request] = await arrived(1);
    const payload = JSON.parse(request?.body ?? '') as { text: string; attachments: { text: string }[] };
    expect(payload.text).toBe('CRITICAL: Down&lt;!channel&gt; fires');
    expect(payload.attachments[0]?.text).toContain('see &lt;http://evil|here&gt; &amp; there');
  });

  it('go to a webhook signed as Standard Webhooks has it, so that the receiver can check them', async () => {
    await tell((await channel({ kind: 'webhook', url: `${receiver.url}/hook`, signing_secret: secret })).id);
    await fire([{ alertname: 'Signed', severity: 'warning' }]);
    const [request] = await arrived(1);
    const { headers = {}, body = '' } = request ?? {};
    const signed = `${headers['webhook-id'] ?? ''}.${headers['webhook-timestamp'] ?? ''}.${body}`;
    const expected = createHmac('sha256', secret).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(JSON.parse(body)).toMatchObject({ type: 'alert.fired', data: { severity: 'warning' } });
  });

  it('go out as e-mail over real SMTP, and no label can add a header', async () => {
    const smtp = await startSmtpReceiver({ name: 'aiops', password: 'mail password' });
    try {
      const config = {
        kind: 'email',
        host: '127.0.0.1',
        port: smtp.port,
        security: 'none',
        username: 'aiops',
        password: 'mail password',
        from: 'aiops@example.org',
        to: ['oncall@example.org'],
      };
      await tell((await channel(config)).id);
      await fire([{ alertname: 'Mail\r\nBcc: everybody@example.org', severity: 'high' }]);
      const mails = await until(() => smtp.mails.length > 0 && smtp.mails, { description: 'the mail' });
      expect(mails[0]).toMatchObject({ from: 'aiops@example.org', to: ['oncall@example.org'] });
      const [headers = ''] = mails[0]?.source.split('\r\n\r\n') ?? [];
      expect(headers).toMatch(/^Subject: HIGH: Mail/m);
      expect(headers).not.toMatch(/^Bcc:/im);
    } finally {
      await smtp.stop();
    }
  });

  it('follow the policy by severity and event', async () => {
    await tell((await channel(slack())).id, { severities: ['critical'] });
    await fire([
      { alertname: 'Quiet', severity: 'info' },
      { alertname: 'Loud', severity: 'critical' },
    ]);
    await arrived(1);
    expect(receiver.requests.map(({ body }) => body).join()).not.toContain('Quiet');
  });

  it('make one message of a storm', async () => {
    const { id } = await channel(slack());
    await tell(id);
    await fire(
      Array.from({ length: 50 }, (_, index) => ({
        alertname: `Storm${index}`,
        severity: index === 0 ? 'critical' : 'high',
      })),
    );
    const [request] = await arrived(1);
    expect(request?.body).toContain('50 alerts fire: 1 critical, 49 high');
    expect(await deliveries(id)).toHaveLength(1);
  });

  it('reach a channel once, however many policies name it', async () => {
    const { id } = await channel(slack());
    await tell(id);
    await tell(id);
    await fire([{ alertname: 'Once', severity: 'high' }]);
    await arrived(1);
    expect(await deliveries(id)).toHaveLength(1);
  });

  it('are tried again with the same id until they arrive', async () => {
    const { id } = await channel(slack());
    await tell(id);
    receiver.answer(503);
    await fire([{ alertname: 'Retried', severity: 'high' }]);
    await until(async () => (await deliveries(id))[0]?.status === 'retrying', {
      description: 'a failed attempt',
    });
    expect((await deliveries(id))[0]?.last_error).toContain('answered 503: refused by the test');
    receiver.answer(200);
    const done = await until(
      async () => (await deliveries(id)).find(({ status }) => status === 'delivered'),
      {
        description: 'the delivery',
        timeoutMs: 40_000,
      },
    );
    expect(done.attempts).toBeGreaterThan(1);
  });

  it('never give a secret back, and keep it when a form sends the mask', async () => {
    const made_ = await channel(slack());
    const shown = await engine.api<ChannelDto>('GET', `/notification-channels/${made_.id}`);
    expect(JSON.stringify(shown.body)).not.toContain('secret-part');
    expect(shown.body.config).toEqual({ kind: 'slack', webhook_url: '***' });
    const replaced = await engine.api('PUT', `/notification-channels/${made_.id}`, {
      body: { name: made_.name, enabled: true, config: shown.body.config },
    });
    expect(replaced.status).toBe(200);
    await engine.api('POST', `/notification-channels/${made_.id}/test`);
    expect(receiver.requests.at(-1)?.path).toBe('/services/T0/B0/secret-part');
  });

  it('say what the test of a channel found', async () => {
    const { id } = await channel(slack());
    receiver.answer(404);
    const tested = await engine.api('POST', `/notification-channels/${id}/test`);
    expect(tested.body).toMatchObject({
      ok: false,
      detail: expect.stringContaining('answered 404') as unknown,
    });
  });

  it('keep a channel that a policy uses', async () => {
    const { id } = await channel(slack());
    await tell(id);
    const refused = await engine.api('DELETE', `/notification-channels/${id}`);
    expect(refused.status).toBe(409);
    expect(refused.body['detail']).toContain('is used by the policy');
  });

  it('name the field that is wrong', async () => {
    const refused = await engine.api('POST', '/notification-channels', {
      body: { name: 'x', config: { kind: 'slack' } },
    });
    expect(refused.status).toBe(400);
    expect(refused.body['errors']).toMatchObject([{ field: 'config.webhook_url' }]);
  });

  it('are kept under failed operations when they fail for good, and go out from there', async () => {
    const { id, name } = await channel(slack());
    await tell(id);
    receiver.answer(500);
    await fire([{ alertname: 'Doomed', severity: 'high' }]);
    const waiting = await until(async () => (await deliveries(id))[0], { description: 'the notification' });
    await exhaust(engine, waiting.id);
    const failed = await until(
      async () =>
        (
          await engine.api<PageDto<FailedOperationDto>>('GET', '/failed-operations?status=failed')
        ).body.data.find((operation) => operation.payload['notification_id'] === waiting.id),
      { description: 'the failed operation', timeoutMs: 40_000 },
    );
    expect(failed).toMatchObject({
      operation: 'notification.deliver',
      error: expect.stringContaining('500') as unknown,
    });
    receiver.answer(200);
    engine.app.get(Breakers).reset(`channel:${name}`);
    await engine.api('POST', `/failed-operations/${failed.id}/retry`);
    await until(async () => (await deliveries(id))[0]?.status === 'delivered', {
      description: 'the delivery',
      timeoutMs: 30_000,
    });
  });
});

/** Puts the waiting job on its last attempt, so that the test need not sit through all the pauses in between. */
async function exhaust(engine: TestEngine, notificationId: string): Promise<void> {
  const { DataSource } = await import('typeorm');
  const database = engine.app.get(DataSource);
  await until(
    async () => {
      const [, changed] = await database.query<[unknown, number]>(
        `UPDATE jobs.job SET retry_count = retry_limit, start_after = now()
         WHERE name = 'notification.deliver' AND state = 'retry' AND data->'payload'->>'notification_id' = $1`,
        [notificationId],
      );
      return changed === 1;
    },
    { description: 'the job to wait for its next attempt' },
  );
}
