import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Problem } from '@aiops/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OperationalError, UnexpectedError, UserError } from '../errors/errors.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { Allow } from './access.js';

const bodySchema = z.strictObject({
  name: z.string().min(1),
  matchers: z.array(z.strictObject({ op: z.enum(['=', '!=']) })).default([]),
});
const querySchema = z.strictObject({ limit: z.coerce.number().int().max(10).optional() });
const failures: Record<string, () => Error> = {
  user: () => new UserError('unprocessable', 'The runbook is switched off.'),
  operational: () => new OperationalError('The host is away.', { retryAfterSeconds: 3 }),
  unexpected: () => new UnexpectedError('row 17 of table users is odd'),
  unknown: () => new TypeError('x is not a function at /srv/app/secret.js'),
};

@Controller('probe')
class ProbeController {
  @Post()
  @Allow('viewer')
  echo(@Body({ schema: bodySchema }) body: z.infer<typeof bodySchema>): object {
    return body;
  }
  @Get()
  @Allow('viewer')
  read(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>): object {
    return query;
  }
  @Get('fail')
  @Allow('viewer')
  fail(@Query('how') how: string): never {
    throw failures[how]?.() ?? new Error('no such failure');
  }
}
@Module({ controllers: [ProbeController] })
class ProbeModule {}

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ BODY_LIMIT_BYTES: '2048', LOG_LEVEL: 'silent' }, [ProbeModule]);
});
afterAll(() => engine.stop());

const raw = async (
  method: string,
  path: string,
  body: string | undefined,
  headers: Record<string, string> = {},
) => {
  const response = await fetch(`${engine.url}${path}`, {
    method,
    body,
    headers: {
      Authorization: `Bearer ${engine.adminToken}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Problem };
};

describe('errors on the wire', () => {
  it('are problems of every family, and tell nothing that is not meant for the caller', async () => {
    const answers = await Promise.all(
      Object.keys(failures).map(async (how) => {
        const { status, headers, body } = await engine.api<Problem>('GET', `/probe/fail?how=${how}`);
        expect(headers.get('content-type')).toContain('application/problem+json');
        expect(body).toMatchObject({
          status,
          instance: '/api/v1/probe/fail',
          trace_id: headers.get('x-trace-id'),
        });
        return [how, status, body.detail, headers.get('retry-after')];
      }),
    );
    const internal = 'The error is in the log under the trace id.';
    expect(answers).toEqual([
      ['user', 422, 'The runbook is switched off.', null],
      ['operational', 503, 'The host is away.', '3'],
      ['unexpected', 500, internal, null],
      ['unknown', 500, internal, null],
    ]);
  });

  it('name every wrong field, and every unknown one', async () => {
    const { status, body } = await engine.api<Problem>('POST', '/probe', {
      body: { name: '', extra: 1, matchers: [{ op: '=' }, { op: '>', value: 'x' }] },
    });
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.field).sort()).toEqual([
      'extra',
      'matchers.1.op',
      'matchers.1.value',
      'name',
    ]);
    expect(body.errors?.find((error) => error.field === 'extra')?.message).toBe('Unknown field');
    const query = await engine.api<Problem>('GET', '/probe?limit=99&wrong=1');
    expect(query.body.errors?.map((error) => error.field).sort()).toEqual(['limit', 'wrong']);
    expect((await engine.api('GET', '/probe?limit=9')).body).toEqual({ limit: 9 });
  });

  it('say when a body is missing, no JSON, of a type we do not read, or too large', async () => {
    expect(await raw('POST', '/api/v1/probe', undefined)).toMatchObject({
      status: 400,
      body: { type: '/api/docs/errors#validation' },
    });
    expect(await raw('POST', '/api/v1/probe', '{"name": ')).toMatchObject({
      status: 400,
      body: { type: '/api/docs/errors#validation' },
    });
    expect(await raw('POST', '/api/v1/probe', '<a/>', { 'Content-Type': 'text/xml' })).toMatchObject({
      status: 415,
    });
    const large = await raw('POST', '/api/v1/probe', JSON.stringify({ name: 'x'.repeat(4096) }));
    expect(large).toMatchObject({ status: 413, body: { type: '/api/docs/errors#payload-too-large' } });
    for (const answer of [large, await raw('POST', '/api/v1/probe', '{')]) {
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.trace_id).toBe(answer.headers.get('x-trace-id'));
    }
  });

  it('do not let a body poison prototypes', async () => {
    const answer = await raw('POST', '/api/v1/probe', '{"name":"x","__proto__":{"admin":true}}');
    expect(answer.status).toBe(400);
  });

  it('answer an unknown address with a problem', async () => {
    for (const path of ['/api/v1/nothing-here', '/api/v2/probe', '/api']) {
      const answer = await raw('GET', path, undefined);
      expect(answer).toMatchObject({
        status: 404,
        body: { type: '/api/docs/errors#not-found', status: 404, instance: path },
      });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
    expect((await raw('PUT', '/api/v1/probe', '{}')).status).toBe(404);
  });

  it('answer an address that cannot be read, or is very long, with a problem too', async () => {
    for (const path of ['/api/v1/alerts/%zz', `/api/v1/alerts/${'a'.repeat(5000)}`]) {
      const answer = await raw('GET', path, undefined);
      expect(answer).toMatchObject({
        status: expect.toBeOneOf([400, 401]) as unknown,
        body: { instance: path },
      });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('answer headers that are too large with a problem', async () => {
    const answer = await raw('GET', `/api/v1/alerts?q=${'a'.repeat(20_000)}`, undefined);
    expect(answer).toMatchObject({
      status: 431,
      body: { type: '/api/docs/errors#bad-request', status: 431 },
    });
  });

  it('refuse text that the database cannot keep', async () => {
    const answer = await engine.api<Problem>('GET', '/users?q=%00');
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain('U+0000');
  });
});

describe('trace ids', () => {
  const traceOf = async (headers: Record<string, string>) =>
    (await engine.api('GET', '/probe', { headers })).headers.get('x-trace-id');

  it('are taken from traceparent before X-Trace-ID, and made when there is neither', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${trace}-00f067aa0ba902b7-01`;
    const other = 'c0ffee00000000000000000000000001';
    expect(await traceOf({ traceparent, 'X-Trace-ID': other })).toBe(trace);
    expect(await traceOf({ 'X-Trace-ID': other })).toBe(other);
    expect(await traceOf({})).toMatch(/^[0-9a-f]{32}$/);
    expect(await traceOf({})).not.toBe(await traceOf({}));
  });

  it('are 32 hex digits: anything else is as good as none', async () => {
    for (const bad of ['short', 'caller-chose-this', 'has space in it', 'x'.repeat(200), '{"a":1}aaaa']) {
      expect(await traceOf({ 'X-Trace-ID': bad })).toMatch(/^[0-9a-f]{32}$/);
    }
    expect(await traceOf({ traceparent: '00-zz-00f067aa0ba902b7-01' })).toMatch(/^[0-9a-f]{32}$/);
    const zeros = `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`;
    expect(await traceOf({ traceparent: zeros })).not.toBe('0'.repeat(32));
  });

  it('stand in the problems they led to', async () => {
    const answer = await engine.api<Problem>('GET', '/nothing', {
      headers: { 'X-Trace-ID': 'F1D3ACA1000000000000000000000002' },
    });
    expect(answer.body.trace_id).toBe('f1d3aca1000000000000000000000002');
  });
});
