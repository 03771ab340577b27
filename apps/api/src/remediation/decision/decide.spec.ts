import type { RuleAction } from '@aiops/contracts';
import { parseRunbook } from '@aiops/runbook-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askInstead, decide } from './decide.js';
import { describeDecision } from './describe-decision.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const alert = {
  alertName: 'ServiceDown',
  severity: 'critical',
  source: 'prometheus',
  labels: { service: 'shop' },
  startsAt: new Date('2026-03-01T11:58:00.000Z'),
  occurrences: 1,
};
const runbook = (name: string, trigger: string) => {
  const { runbook: parsed, errors } = parseRunbook(
    `name: ${name}\ndescription: x\ncategory: x\n${trigger}\nsteps:\n  - { name: one, command: "true" }\n`,
  );
  if (parsed === null) throw new Error(errors.map((error) => error.message).join());
  return { id: name, name, runbook: parsed };
};
const restart = runbook('restart', 'trigger: { alert_name: ServiceDown, labels: { service: "*" } }');
const patient = runbook('patient', 'trigger: { alert_name: ServiceDown, min_duration: 5m }');
const counting = runbook('counting', 'trigger: { alert_name: ServiceDown, min_occurrences: 3 }');
const bare = runbook('bare', '');
const rule = (action: RuleAction, runbookId: string | null = null, value = 'ServiceDown') => ({
  id: `${action}-${value}`,
  name: action,
  matchers: [{ name: 'alertname', op: '=' as const, value }],
  action,
  runbookId,
});

describe('the decision for an alert', () => {
  it('is made by the first rule that matches', () => {
    const rules = [rule('auto', 'restart', 'Other'), rule('ignore'), rule('auto', 'restart')];
    expect(decide(alert, rules, [restart], now).kind).toBe('ignore');
  });

  it('suggests a matching runbook when no rule matches, and runs nothing', () => {
    expect(decide(alert, [], [bare, restart], now)).toMatchObject({
      kind: 'suggest',
      rule: null,
      runbook: { name: 'restart' },
    });
    expect(decide({ ...alert, alertName: 'Else' }, [], [bare, restart], now)).toMatchObject({
      kind: 'suggest',
      runbook: null,
    });
  });

  it.each(['approve', 'auto'] as const)('with "%s" names the runbook and why it matches', (action) => {
    const decision = decide(alert, [rule(action, 'restart')], [restart], now);
    expect(decision).toMatchObject({ kind: action, runbook: { name: 'restart' } });
    expect('reasons' in decision && decision.reasons.length).toBeGreaterThan(0);
  });

  it('asks a person instead while nothing runs by itself, and says why (R5.3)', () => {
    const decision = decide(alert, [rule('auto', 'restart')], [restart], now);
    if (decision.kind !== 'auto') throw new Error('the rule runs by itself');
    const asking = askInstead(decision);
    expect(asking).toMatchObject({ kind: 'approve', rule: decision.rule, runbook: { name: 'restart' } });
    expect(describeDecision(asking)).toMatch(/for approval .*automatic execution is switched off/);
  });

  it('refuses a runbook that is switched off or gone, and says so', () => {
    expect(decide(alert, [rule('auto', 'restart')], [], now)).toMatchObject({ kind: 'refused' });
  });

  it('refuses when the runbook’s own trigger is for another alert', () => {
    const other = runbook('other', 'trigger: { alert_name: DiskFull }');
    expect(decide(alert, [rule('auto', 'other')], [other], now)).toMatchObject({ kind: 'refused' });
  });

  it('waits until the alert has fired long enough, and knows until when', () => {
    const rules = [rule('auto', 'patient')];
    const decision = decide(alert, rules, [patient], now);
    expect(decision).toMatchObject({
      kind: 'wait',
      verdict: { matchesAt: new Date('2026-03-01T12:03:00.000Z') },
    });
    expect(decide(alert, rules, [patient], new Date('2026-03-01T12:03:00.000Z')).kind).toBe('auto');
  });

  it('waits until the alert has come often enough', () => {
    const rules = [rule('auto', 'counting')];
    expect(decide(alert, rules, [counting], now)).toMatchObject({
      kind: 'wait',
      verdict: { awaitsOccurrences: true },
    });
    expect(decide({ ...alert, occurrences: 3 }, rules, [counting], now).kind).toBe('auto');
  });

  it('never runs anything without a matching rule of that action', () => {
    const rules = fc.array(
      fc.record({
        action: fc.constantFrom<RuleAction>('ignore', 'observe', 'suggest', 'approve', 'auto'),
        runbookId: fc.constantFrom('restart', 'patient', 'bare', null),
        value: fc.constantFrom('ServiceDown', 'Else'),
      }),
    );
    fc.assert(
      fc.property(rules, (drawn) => {
        const list = drawn.map(({ action, runbookId, value }) => rule(action, runbookId, value));
        const decision = decide(alert, list, [restart, patient, bare], now);
        if (decision.kind !== 'auto' && decision.kind !== 'approve') return;
        const first = list.find((candidate) => candidate.matchers[0]?.value === 'ServiceDown');
        expect(first?.action).toBe(decision.kind);
        expect(first?.runbookId).toBe(decision.runbook.id);
      }),
    );
  });
});
