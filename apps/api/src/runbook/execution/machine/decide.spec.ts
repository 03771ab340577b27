import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';
import type { Effect, MachineEvent, StepOutcome } from './events.js';
import { dryRunState } from './initial.js';
import { after, execution, person, start, step, type StepSketch } from './machine.fixture.js';
import type { MachineState } from './state.js';

/** Plays events in order; a step that is to be prepared is run at once. */
class Play {
  effects: Effect[] = [];
  constructor(
    public state: MachineState,
    public now = start,
  ) {}

  send(event: MachineEvent): this {
    const decision = decide(this.state, event, this.now);
    this.state = decision.state;
    this.effects = decision.effects;
    return this;
  }
  begin(): this {
    return this.send({ type: 'claimed' }).send({ type: 'admitted' });
  }
  run(index: number): this {
    return this.send({ type: 'step_prepared', index, prepared: { do: 'run', command: `run ${index}` } });
  }
  end(index: number, outcome: StepOutcome): this {
    return this.send({
      type: 'step_finished',
      index,
      attempt: this.state.steps[index]?.attempt ?? 0,
      outcome,
    });
  }
  ok(index: number): this {
    return this.run(index).end(index, { kind: 'succeeded', exitCode: 0, result: null });
  }
  fail(index: number): this {
    return this.run(index).end(index, { kind: 'failed', reason: 'exit code 1', exitCode: 1, result: null });
  }
  at(ms: number): this {
    this.now = after(ms);
    return this;
  }
  get statuses(): string {
    return this.state.steps.map((each) => each.status).join(' ');
  }
}
const play = (sketches: StepSketch[], options: Parameters<typeof execution>[1] = {}) =>
  new Play(execution(sketches, options));

describe('the steps of one target', () => {
  it('run in order and only after the execution was admitted', () => {
    const run = play([{}, {}]).send({ type: 'claimed' });
    expect(run.effects).toEqual([{ type: 'admit' }]);
    run.send({ type: 'admitted' });
    expect(run.effects).toEqual([{ type: 'prepare', index: 0 }]);
    run.run(0);
    expect(run.effects).toEqual([{ type: 'run', index: 0 }]);
    expect(run.state.steps[0]).toMatchObject({ status: 'running', attempt: 1, command: 'run 0' });
    run.end(0, { kind: 'succeeded', exitCode: 0, result: null });
    expect(run.effects).toEqual([{ type: 'prepare', index: 1 }]);
    run.ok(1);
    expect(run.state.status).toBe('succeeded');
    expect(run.state.wakeAt).toBeNull();
  });

  it('stop at a failure, and the rest is marked as not reached', () => {
    const run = play([{}, {}]).begin().fail(0);
    expect(run.state.status).toBe('failed');
    expect(run.statuses).toBe('failed skipped');
    expect(run.state.reason).toContain('Step "step 0" on target-0: exit code 1');
  });

  it('go on after a failure that the runbook lets pass', () => {
    const run = play([{ onFailure: 'continue' }, {}])
      .begin()
      .fail(0)
      .ok(1);
    expect(run.state.status).toBe('succeeded');
    expect(run.statuses).toBe('failed succeeded');
  });

  it('are tried again after growing pauses, and never before the pause is over', () => {
    const run = play([{ attempts: 3, delayMs: 1000, backoff: 'exponential' }])
      .begin()
      .fail(0);
    expect(run.state.wakeAt).toEqual(after(1000));
    expect(run.send({ type: 'tick' }).effects).toEqual([]);
    run.at(1000).send({ type: 'tick' });
    expect(run.effects).toEqual([{ type: 'prepare', index: 0 }]);
    run.fail(0);
    expect(run.state.wakeAt).toEqual(after(3000));
    run.at(3000).fail(0);
    expect(run.state).toMatchObject({ status: 'failed', steps: [{ attempt: 3 }] });
  });

  it('that run out of time make the execution timed out', () => {
    const run = play([{}]).begin().run(0).end(0, { kind: 'timed_out', reason: 'it took longer than 60s' });
    expect(run.state.status).toBe('timed_out');
  });

  it('whose condition does not hold are skipped without having been started', () => {
    const run = play([{}, {}]).begin();
    run.send({
      type: 'step_prepared',
      index: 0,
      prepared: { do: 'skip', reason: 'its condition does not hold' },
    });
    expect(run.state.steps[0]).toMatchObject({ status: 'skipped', attempt: 0, startedAt: null });
    expect(run.effects).toEqual([{ type: 'prepare', index: 1 }]);
  });

  it('that would run something else than approved stop everything', () => {
    const run = play([{ onFailure: 'continue' }, {}]).begin();
    run.send({
      type: 'step_prepared',
      index: 0,
      prepared: { do: 'refuse', reason: 'the target has changed' },
    });
    expect(run.state.status).toBe('rejected');
    expect(run.statuses).toBe('cancelled cancelled');
  });
});

describe('several targets', () => {
  it('are worked on one after the other unless a batch is set', () => {
    const steps = [{ lane: 0 }, { lane: 1 }, { lane: 2 }];
    expect(play(steps).begin().effects).toEqual([{ type: 'prepare', index: 0 }]);
    expect(play(steps, { batch: 2 }).begin().effects).toHaveLength(2);
  });

  it('are not started any more once too many have failed, and one failure fails the execution', () => {
    const run = play([{ lane: 0 }, { lane: 1 }, { lane: 2 }], { maxFailures: 1 })
      .begin()
      .fail(0);
    expect(run.state.status).toBe('running');
    run.fail(1);
    expect(run.state.status).toBe('failed');
    expect(run.statuses).toBe('failed failed skipped');
  });
});

describe('the rollback', () => {
  const rollback = { phase: 'rollback' as const };
  it('runs in order on the target whose step asked for it, and is recorded like any step', () => {
    const run = play([{ onFailure: 'rollback' }, rollback, rollback])
      .begin()
      .fail(0);
    expect(run.state).toMatchObject({ status: 'running', stage: 'rollback' });
    run.ok(1).ok(2);
    expect(run.state.status).toBe('rolled_back');
    expect(run.statuses).toBe('failed succeeded succeeded');
    expect(run.state.reason).toContain('exit code 1');
  });

  it('leaves targets alone that did not fail', () => {
    const steps = [
      { lane: 0 },
      { lane: 1, onFailure: 'rollback' as const },
      { ...rollback, lane: 0 },
      { ...rollback, lane: 1 },
    ];
    const run = play(steps).begin().ok(0).fail(1).ok(3);
    expect(run.state.status).toBe('rolled_back');
    expect(run.statuses).toBe('succeeded failed skipped succeeded');
  });

  it('that fails makes the execution failed and says both reasons', () => {
    const run = play([{ onFailure: 'rollback' }, rollback])
      .begin()
      .fail(0)
      .fail(1);
    expect(run.state.status).toBe('failed');
    expect(run.state.reason).toMatch(/step 0.*rollback failed too, at "step 1"/);
  });

  it('does not run after a plain stop', () => {
    expect(play([{}, rollback]).begin().fail(0).statuses).toBe('failed skipped');
  });
});

describe('the verification', () => {
  const verify = { phase: 'verify' as const };
  it('is needed for success, and its failure rolls back', () => {
    const run = play([{}, { phase: 'rollback' }, verify])
      .begin()
      .ok(0);
    expect(run.state.status).toBe('verifying');
    run.fail(2);
    expect(run.state.stage).toBe('rollback');
    expect(run.ok(1).state.status).toBe('rolled_back');
  });

  it('does not pass over a failed check, whatever its failure action says', () => {
    expect(
      play([{}, { ...verify, onFailure: 'continue' }])
        .begin()
        .ok(0)
        .fail(1).state.status,
    ).toBe('failed');
  });

  it('waits for the alert without any step in flight, with its deadline stored', () => {
    const run = play([{}, verify], { alertWithinMs: 5000 }).begin().ok(0).ok(1);
    expect(run.effects).toEqual([{ type: 'check_alert' }]);
    run.send({ type: 'alert_checked', alert: 'firing' });
    expect(run.state).toMatchObject({ status: 'verifying', wakeAt: after(5000) });
    run.at(100).send({ type: 'alert_changed' });
    expect(run.state.wakeAt).toEqual(after(100));
    run.send({ type: 'claimed' });
    expect(run.effects).toEqual([{ type: 'check_alert' }]);
    expect(run.send({ type: 'alert_checked', alert: 'resolved' }).state.status).toBe('succeeded');
  });

  it('fails and rolls back when the alert still fires at the deadline', () => {
    const run = play([{}, { phase: 'rollback' }], { alertWithinMs: 5000 })
      .begin()
      .ok(0);
    run.send({ type: 'alert_checked', alert: 'firing' }).at(5000).send({ type: 'claimed' });
    run.send({ type: 'alert_checked', alert: 'firing' });
    expect(run.state).toMatchObject({
      stage: 'rollback',
      verdict: { reason: expect.stringContaining('did not resolve') as unknown },
    });
    expect(run.ok(1).state.status).toBe('rolled_back');
  });
});

describe('approval', () => {
  it('of the plan lets it run, and nothing runs before', () => {
    const run = play([{}], { ask: true }).send({ type: 'claimed' });
    expect(run.effects).toEqual([]);
    expect(run.state.wakeAt).toEqual(after(60_000));
    expect(run.send({ type: 'approved', by: person }).state).toMatchObject({
      status: 'queued',
      approvedBy: person,
    });
  });

  it('that nobody gives ends in rejected', () => {
    const run = play([{}], { ask: true }).at(60_000).send({ type: 'claimed' });
    expect(run.state).toMatchObject({ status: 'rejected', startedAt: null });
  });

  it('that comes too late is none', () => {
    expect(play([{}], { ask: true }).at(60_000).send({ type: 'approved', by: person }).state.status).toBe(
      'rejected',
    );
  });

  it('of one step is waited for at that step, with a limit of its own', () => {
    const run = play([{}, { approval: true }])
      .begin()
      .at(10)
      .ok(0);
    expect(run.state).toMatchObject({ status: 'awaiting_approval', approvalExpiresAt: after(60_010) });
    expect(run.statuses).toBe('succeeded awaiting_approval');
    run.send({ type: 'approved', by: person }).send({ type: 'claimed' });
    expect(run.effects).toEqual([{ type: 'prepare', index: 1 }]);
    expect(run.ok(1).state.status).toBe('succeeded');
  });

  it('is written down with who gave it, when, to what, and what they wrote', () => {
    const run = play([{}, { approval: true }], { ask: true }).send({
      type: 'approved',
      by: person,
      note: 'go',
    });
    run
      .begin()
      .at(10)
      .ok(0)
      .send({ type: 'rejected', by: person, reason: 'Rejected by Ada: no', note: 'no' });
    expect(run.state.interventions).toEqual([
      { kind: 'approved', by: person, note: 'go', stepIndexes: [], at: expect.any(String) as unknown },
      { kind: 'rejected', by: person, note: 'no', stepIndexes: [1], at: after(10).toISOString() },
    ]);
  });

  it('is not written down when it came too late or changed nothing', () => {
    const late = play([{}], { ask: true }).at(60_000).send({ type: 'approved', by: person, note: 'go' });
    expect(late.state.interventions).toEqual([]);
    const running = play([{}]).begin().send({ type: 'approved', by: person });
    expect(running.state.interventions).toEqual([]);
  });

  it('of one step that is refused or forgotten ends the execution without running it', () => {
    const waiting = () =>
      play([{}, { approval: true }])
        .begin()
        .ok(0);
    expect(waiting().send({ type: 'rejected', by: person, reason: 'no' }).state.status).toBe('rejected');
    const late = waiting().at(60_000).send({ type: 'claimed' });
    expect(late.state.status).toBe('rejected');
    expect(late.statuses).toBe('succeeded cancelled');
  });
});

describe('a worker that dies', () => {
  it('leaves a step that a person must decide on', () => {
    const run = play([{}, {}]).begin().run(0).send({ type: 'claimed' });
    expect(run.effects).toEqual([]);
    expect(run.state).toMatchObject({
      status: 'needs_attention',
      wakeAt: null,
      steps: [{ status: 'interrupted' }, {}],
    });
  });

  it('lets an idempotent step run again and says so, but not for ever', () => {
    const run = play([{ idempotent: true }])
      .begin()
      .run(0)
      .send({ type: 'claimed' });
    expect(run.effects).toEqual([{ type: 'prepare', index: 0 }]);
    expect(run.state.steps[0]?.reason).toContain('interrupted');
    run.run(0).send({ type: 'claimed' }).run(0).send({ type: 'claimed' });
    expect(run.state.status).toBe('needs_attention');
  });

  it('cannot report any more what it did', () => {
    const run = play([{}]).begin().run(0).send({ type: 'claimed' });
    run.end(0, { kind: 'succeeded', exitCode: 0, result: null });
    expect(run.state.status).toBe('needs_attention');
  });

  it('between two steps costs nothing', () => {
    expect(play([{}, {}]).begin().ok(0).send({ type: 'claimed' }).effects).toEqual([
      { type: 'prepare', index: 1 },
    ]);
  });

  it('is followed by a person who retries, skips or aborts', () => {
    const stuck = () => play([{}, {}]).begin().run(0).send({ type: 'claimed' });
    const resume = (decision: 'retry' | 'skip' | 'abort') =>
      stuck().send({ type: 'resumed', decision, by: person });
    expect(resume('retry').send({ type: 'claimed' }).effects).toEqual([{ type: 'prepare', index: 0 }]);
    expect(resume('skip').send({ type: 'claimed' }).effects).toEqual([{ type: 'prepare', index: 1 }]);
    expect(resume('abort').state).toMatchObject({
      status: 'cancelled',
      reason: expect.stringContaining('Ada') as unknown,
    });
  });

  it('in good order records what runs as interrupted at once', () => {
    expect(play([{}]).begin().run(0).send({ type: 'handed_back' }).state.status).toBe('needs_attention');
    const again = play([{ idempotent: true }])
      .begin()
      .run(0)
      .send({ type: 'handed_back' });
    expect(again.state).toMatchObject({ status: 'running', wakeAt: start, steps: [{ status: 'pending' }] });
  });

  it('in good order starts nothing after the step that it waits for', () => {
    const run = play([{}, {}]).begin().run(0);
    run.send({
      type: 'step_finished',
      index: 0,
      attempt: 1,
      outcome: { kind: 'succeeded', exitCode: 0, result: null },
      draining: true,
    });
    expect(run.effects).toEqual([]);
    expect(run.state).toMatchObject({ status: 'running', wakeAt: start });
  });
});

describe('cancel', () => {
  const cancel = { type: 'cancel_requested', by: person, reason: 'wrong host' } as const;
  it('stops at once what has not begun', () => {
    const run = play([{}]).send(cancel);
    expect(run.state).toMatchObject({ status: 'cancelled', reason: 'Cancelled by Ada: wrong host' });
    expect(run.statuses).toBe('cancelled');
  });

  it('is only a request while a step runs, and nothing that comes later overwrites it', () => {
    const run = play([{ attempts: 3 }, {}])
      .begin()
      .run(0)
      .send(cancel);
    expect(run.state).toMatchObject({ status: 'running', ending: { status: 'cancelled' } });
    expect(run.send({ type: 'tick' }).effects).toEqual([{ type: 'abort', index: 0 }]);
    run.end(0, { kind: 'cancelled' });
    expect(run.state.status).toBe('cancelled');
    const ended = run.state;
    run.end(0, { kind: 'succeeded', exitCode: 0, result: null }).send({ type: 'claimed' });
    expect(run.state).toBe(ended);
  });

  it('holds even when the step ended well before it could be stopped', () => {
    const run = play([{}, {}])
      .begin()
      .run(0)
      .send(cancel)
      .end(0, { kind: 'succeeded', exitCode: 0, result: null });
    expect(run.state.status).toBe('cancelled');
    expect(run.statuses).toBe('succeeded cancelled');
  });

  it('asked of a worker that then dies ends in cancelled with the step marked as interrupted', () => {
    const run = play([{ idempotent: true }])
      .begin()
      .run(0)
      .send(cancel)
      .send({ type: 'claimed' });
    expect(run.state.status).toBe('cancelled');
    expect(run.statuses).toBe('interrupted');
  });
});

describe('a dry run', () => {
  it('marks every step as not run and can never start', () => {
    const made = dryRunState(
      { steps: [step(0)], strategy: { batch: 1, maxFailures: 0 }, approvalExpiresMs: 1 },
      start,
    );
    expect(made).toMatchObject({ startedAt: null, wakeAt: null, steps: [{ status: 'skipped', attempt: 0 }] });
    expect(made.reason).toContain('Dry run');
    expect(new Play(made).send({ type: 'claimed' }).effects).toEqual([]);
  });
});
