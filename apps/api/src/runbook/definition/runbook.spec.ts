import type {
  ExecutionDto,
  PageDto,
  Problem,
  RunbookDto,
  RunbookTemplateDto,
  RunbookValidationDto,
  RunbookVersionDto,
} from '@aiops/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

const http = (name: string, extra = '') => `name: ${name}
steps:
  - { name: Ask, http: { method: POST, url: "https://lb.example/pool", json: { a: 1 }, expect: { status: 204 } }, register: answer }
${extra}`;

describe('runbooks', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.stop());

  const create = async (yaml: string) => {
    const made = await engine.api<RunbookDto>('POST', '/runbooks', { body: yaml });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made;
  };

  it('are created from YAML or JSON, and say where they are', async () => {
    const made = await create(http('from-yaml'));
    expect(made.headers.get('location')).toBe(`/api/v1/runbooks/${made.body.id}`);
    expect(made.body).toMatchObject({
      name: 'from-yaml',
      version: 1,
      enabled: true,
      approval: 'by_rule',
      breaker: { state: 'closed' },
    });
    const json = await engine.api<RunbookDto>('POST', '/runbooks', { body: { yaml: http('from-json') } });
    expect(json.status).toBe(201);
  });

  it('with faults are refused with the line and column of each', async () => {
    const answer = await engine.api<Problem>('POST', '/runbooks', {
      body: 'name: Bad Name\nsteps:\n  - { name: a, comand: "x" }\n',
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          line: 1,
          column: 7,
          message: expect.stringMatching(/line 1, column 7.*kebab-case/) as unknown,
        }),
        expect.objectContaining({ line: 3 }),
      ]),
    );
  });

  it('get a version with every change and none without, and no version ever changes', async () => {
    const { body: first } = await create(http('versions'));
    const same = await engine.api<RunbookDto>('PUT', `/runbooks/${first.id}`, { body: http('versions') });
    expect(same.body.version).toBe(1);
    const changed = await engine.api<RunbookDto>('PUT', `/runbooks/${first.id}`, {
      body: http('versions', 'description: new'),
    });
    expect(changed.body).toMatchObject({ version: 2, description: 'new' });
    const versions = await engine.api<PageDto<RunbookVersionDto>>('GET', `/runbooks/${first.id}/versions`);
    expect(versions.body.data.map(({ version, yaml }) => [version, yaml])).toEqual([
      [2, http('versions', 'description: new')],
      [1, http('versions')],
    ]);
    const one = await engine.api<RunbookVersionDto>('GET', `/runbooks/${first.id}/versions/1`);
    expect(one.body).toMatchObject({ yaml: http('versions'), created_by: 'admin' });
    expect((await engine.api('GET', `/runbooks/${first.id}/versions/3`)).status).toBe(404);
  });

  it('keep their HTTP steps over create and update', async () => {
    const { body: made } = await create(http('http-steps'));
    const updated = await engine.api<RunbookDto>('PUT', `/runbooks/${made.id}`, {
      body: http('http-steps', 'tags: [x]'),
    });
    const planned = await engine.api<ExecutionDto>('POST', `/runbooks/${made.id}/execute`, {
      body: { dry_run: true },
    });
    expect(updated.body.yaml).toContain('https://lb.example/pool');
    expect(planned.body.plan?.steps[0]?.command).toBe(
      'POST https://lb.example/pool\nContent-Type: application/json\n\n{"a":1}',
    );
  });

  it('have unique names among those that are not hidden', async () => {
    const { body: first } = await create(http('unique'));
    expect((await engine.api('POST', '/runbooks', { body: http('unique') })).status).toBe(409);
    expect((await engine.api('DELETE', `/runbooks/${first.id}`)).status).toBe(204);
    await create(http('unique'));
  });

  it('that are made at the same moment under one name end in one and a conflict', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => engine.api('POST', '/runbooks', { body: http('at-once') })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('when deleted are hidden, and their executions stay', async () => {
    const { body: made } = await create(http('hidden'));
    const planned = await engine.api<ExecutionDto>('POST', `/runbooks/${made.id}/execute`, {
      body: { dry_run: true },
    });
    await engine.api('DELETE', `/runbooks/${made.id}`);
    expect((await engine.api('GET', `/runbooks/${made.id}`)).status).toBe(404);
    expect((await engine.api('POST', `/runbooks/${made.id}/execute`, { body: {} })).status).toBe(404);
    expect((await engine.api<ExecutionDto>('GET', `/executions/${planned.body.id}`)).body.runbook.name).toBe(
      'hidden',
    );
  });

  it('when disabled start nothing', async () => {
    const { body: made } = await create(http('disabled'));
    expect((await engine.api<RunbookDto>('POST', `/runbooks/${made.id}/disable`)).body.enabled).toBe(false);
    expect((await engine.api('POST', `/runbooks/${made.id}/execute`, { body: {} })).status).toBe(409);
    expect((await engine.api<RunbookDto>('POST', `/runbooks/${made.id}/enable`)).body.enabled).toBe(true);
  });

  it('are listed with filters, search and sparse fields', async () => {
    await create(http('list-a', 'category: web\ntags: [red, blue]'));
    await create(http('list-b', 'category: database\ntags: [red]'));
    const names = async (query: string) =>
      (await engine.api<PageDto<RunbookDto>>('GET', `/runbooks?${query}`)).body.data.map(
        (runbook) => runbook.name,
      );
    expect(await names('category=web')).toEqual(['list-a']);
    expect(await names('tag=red')).toEqual(['list-a', 'list-b']);
    expect(await names('q=list-b')).toEqual(['list-b']);
    const sparse = await engine.api<PageDto<RunbookDto>>('GET', '/runbooks?name=list-a&fields=id,name');
    expect(Object.keys(sparse.body.data[0] ?? {})).toEqual(['id', 'name']);
    expect((await engine.api('GET', '/runbooks?fields=secret')).status).toBe(400);
  });

  it('are validated without being stored', async () => {
    const good = await engine.api<RunbookValidationDto>('POST', '/runbooks/validate', {
      body: { yaml: http('fine') },
    });
    expect(good).toMatchObject({ status: 200, body: { valid: true, errors: [] } });
    const bad = await engine.api<RunbookValidationDto>('POST', '/runbooks/validate', {
      body: { yaml: 'name: x\nsteps: []' },
    });
    expect(bad.body).toMatchObject({
      valid: false,
      errors: [{ line: 2, column: expect.any(Number) as unknown, message: expect.any(String) as unknown }],
    });
  });

  it('can be begun from templates that are valid themselves', async () => {
    const templates = (await engine.api<PageDto<RunbookTemplateDto>>('GET', '/runbook-templates')).body.data;
    expect(templates.map((template) => template.name).sort()).toEqual(['disk-cleanup', 'restart-service']);
    for (const template of templates) await create(template.yaml);
  });
});
