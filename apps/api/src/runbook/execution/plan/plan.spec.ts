import { parseRunbook, type Runbook } from '@aiops/runbook-format';
import { describe, expect, it } from 'vitest';
import { buildPlan, type PlanInput } from './build-plan.js';
import { chooseTargets } from './choose-targets.js';
import { canonicalJson } from './plan-hash.js';
import type { PlanTarget } from './plan.types.js';

function runbook(yaml: string): Runbook {
  const parsed = parseRunbook(yaml);
  if (parsed.runbook === null) throw new Error(JSON.stringify(parsed.errors));
  return parsed.runbook;
}

const target = (name: string, change: Partial<PlanTarget> = {}): PlanTarget => ({
  id: `id-${name}`,
  name,
  kind: 'ssh',
  host: `${name}.example`,
  port: 22,
  username: 'ops',
  shell: 'posix',
  labels: {},
  ...change,
});

const restart = `
name: restart
targets: { from_label: instance }
steps:
  - { name: Read, command: "pidof {{ labels.job }}", register: pid }
  - { name: Kill, command: "kill {{ steps.pid.stdout }}", when: 'steps.pid.stdout != ""', approval_required: true }
  - { name: Never, command: "echo {{ labels.absent }}", when: 'labels.job == "other"' }
  - { name: Tell, http: { method: POST, url: "https://lb.example/{{ labels.job }}", headers: { Authorization: "Bearer {{ secrets.lb }}" }, json: { pid: "{{ steps.pid.stdout }}" } } }
verify:
  - alert_resolved_within: 5m
`;

function input(change: Partial<PlanInput> = {}): PlanInput {
  return {
    runbook: runbook(restart),
    runbookVersionId: 'version-1',
    targets: [target('web-1')],
    executionId: 'execution-1',
    parameters: {},
    alertSnapshot: { alert: {}, labels: { job: "it's $(touch x)", instance: 'web-1:9100' }, annotations: {} },
    hasAlert: true,
    ...change,
  };
}

describe('a plan', () => {
  it('shows every command as it will run, quoted, with unknown values and secrets marked', () => {
    const { plan, problems } = buildPlan(input());
    expect(problems).toEqual([]);
    expect(plan.steps.map((step) => step.command)).toEqual([
      `pidof 'it'\\''s $(touch x)'`,
      'kill ‹steps.pid.stdout›',
      expect.stringContaining('Authorization: Bearer ‹secrets.lb›'),
      'Alert resolves within 5m',
    ]);
    expect(plan.steps[1]).toMatchObject({
      unknown: ['steps.pid.stdout'],
      when: 'steps.pid.stdout != ""',
      approvalRequired: true,
    });
    expect(plan.steps[2]?.command).toContain(`POST https://lb.example/it's%20%24(touch%20x)`);
  });

  it('leaves out a step whose condition cannot hold, and numbers the rest as in the execution', () => {
    const { plan, steps } = buildPlan(input());
    expect(steps.map((step) => step.status)).toEqual(['pending', 'pending', 'skipped', 'pending', 'pending']);
    expect(plan.steps.map((step) => step.index)).toEqual([0, 1, 3, 4]);
  });

  it('has a hash that changes with anything that would run, and with nothing else', () => {
    const hash = buildPlan(input()).plan.hash;
    expect(buildPlan(input()).plan.hash).toBe(hash);
    expect(buildPlan(input({ targets: [target('web-1', { host: '10.0.0.9' })] })).plan.hash).not.toBe(hash);
    expect(buildPlan(input({ runbookVersionId: 'version-2' })).plan.hash).not.toBe(hash);
    expect(buildPlan(input({ targets: [target('web-1', { labels: { role: 'web' } })] })).plan.hash).toBe(
      hash,
    );
    const other = { ...input().alertSnapshot, annotations: { summary: 'new text' } };
    expect(buildPlan(input({ alertSnapshot: other })).plan.hash).toBe(hash);
  });

  it('names each step that cannot be rendered', () => {
    const { problems } = buildPlan(input({ alertSnapshot: { labels: {} } }));
    expect(problems[0]).toMatch(/Step "Read" on web-1: labels.job has no value/);
  });

  it('repeats the steps for every target, in the order of the targets', () => {
    const { steps } = buildPlan(input({ targets: [target('a'), target('b')] }));
    const inSteps = steps.filter((step) => step.phase === 'steps');
    expect(inSteps.map((step) => `${step.targetName ?? ''} ${step.name}`)).toEqual([
      'a Read',
      'a Kill',
      'a Never',
      'a Tell',
      'b Read',
      'b Kill',
      'b Never',
      'b Tell',
    ]);
  });

  it('does not wait for an alert that there is not', () => {
    expect(buildPlan(input({ hasAlert: false })).steps.at(-1)).toMatchObject({
      kind: 'alert_resolved',
      status: 'skipped',
    });
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: null }], a: 'x', e: undefined })).toBe(
      '{"a":"x","b":[1,{"c":null,"d":1}]}',
    );
  });
});

describe('the choice of targets', () => {
  const all = [
    target('web-1'),
    target('web-10'),
    target('db-1', { labels: { role: 'db' } }),
    target('api', { kind: 'http' }),
  ];
  const choose = (
    yaml: string,
    change: { targetIds?: string[]; alertLabels?: Record<string, string> } = {},
  ) =>
    chooseTargets({
      runbook: runbook(`name: r\n${yaml}\nsteps: [{ name: a, command: "true" }]`),
      all,
      targetIds: undefined,
      alertLabels: {},
      ...change,
    });
  const names = (chosen: ReturnType<typeof choose>) =>
    chosen.targets?.map((each) => each.name) ?? chosen.problem;

  it('takes the target that the alert names, whatever port stands behind it, and no other', () => {
    expect(
      names(choose('targets: { from_label: instance }', { alertLabels: { instance: 'web-1:9100' } })),
    ).toEqual(['web-1']);
    expect(
      names(choose('targets: { from_label: instance }', { alertLabels: { instance: 'WEB-1.example:9100' } })),
    ).toEqual(['web-1']);
    expect(
      names(choose('targets: { from_label: instance }', { alertLabels: { instance: 'web-100' } })),
    ).toMatch(/No target is called web-100/);
    expect(names(choose('targets: { from_label: instance }'))).toMatch(/label "instance", and there is none/);
  });

  it('refuses a name that does not exist and labels that nobody has', () => {
    expect(names(choose('targets: { names: [web-1, web-2] }'))).toBe('There is no target called web-2.');
    expect(names(choose('targets: { labels: { role: cache } }'))).toMatch(
      /No target has the labels role=cache/,
    );
  });

  it('lets a person choose among the targets of the runbook and no others', () => {
    expect(names(choose('targets: { names: [web-1, web-10] }', { targetIds: ['id-web-10'] }))).toEqual([
      'web-10',
    ]);
    expect(names(choose('targets: { names: [web-1] }', { targetIds: ['id-db-1'] }))).toMatch(
      /db-1 is not among/,
    );
    expect(names(choose('', { targetIds: ['id-db-1'] }))).toEqual(['db-1']);
    expect(names(choose(''))).toMatch(/name the targets/);
    expect(names(choose('', { targetIds: ['id-nobody'] }))).toMatch(/no target with the id/);
    expect(names(choose('', { targetIds: ['id-api'] }))).toMatch(/commands need SSH/);
  });
});
