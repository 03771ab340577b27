import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';
import type { Effect, MachineEvent, StepOutcome } from './events.js';
import { after, execution, person, type StepSketch } from './machine.fixture.js';
import type { MachineState } from './state.js';
import { inFlight } from './steps.js';
import { isFinal, mayFollow } from './transitions.js';

/** What the world does next; anything may happen at any time. */
type Move =
  | { kind: 'effect'; pick: number; outcome: StepOutcome['kind'] | 'skip' | 'refuse' | 'unready' }
  | { kind: 'crash' }
  | { kind: 'late_result'; pick: number }
  | { kind: 'outside'; event: MachineEvent }
  | { kind: 'time'; ms: number }
  | { kind: 'hand_back' };

const outcomeKinds = ['succeeded', 'failed', 'timed_out', 'unknown', 'skip', 'refuse', 'unready'] as const;
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('effect' as const),
      pick: fc.nat(20),
      outcome: fc.constantFrom(...outcomeKinds),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('effect' as const),
      pick: fc.nat(20),
      outcome: fc.constant('succeeded' as const),
    }),
  },
  { weight: 3, arbitrary: fc.constant<Move>({ kind: 'crash' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('late_result' as const), pick: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.constant<Move>({ kind: 'hand_back' }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 90_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom<MachineEvent>(
        { type: 'approved', by: person },
        { type: 'approved', by: person },
        { type: 'rejected', by: person, reason: 'no' },
        { type: 'cancel_requested', by: person, reason: null },
        { type: 'resumed', decision: 'retry', by: person },
        { type: 'resumed', decision: 'skip', by: person },
        { type: 'resumed', decision: 'abort', by: person },
        { type: 'alert_changed' },
      )
      .map((event): Move => ({ kind: 'outside', event })),
  },
);

const sketch: fc.Arbitrary<StepSketch> = fc.record({
  phase: fc.constantFrom('steps' as const, 'steps' as const, 'rollback' as const, 'verify' as const),
  lane: fc.nat(2),
  approval: fc.boolean().map((asked) => asked),
  onFailure: fc.constantFrom('stop' as const, 'continue' as const, 'rollback' as const),
  attempts: fc.integer({ min: 1, max: 3 }),
  idempotent: fc.boolean(),
});
const program = fc.record({
  sketches: fc.array(sketch, { minLength: 1, maxLength: 8 }),
  options: fc.record({
    ask: fc.boolean(),
    batch: fc.integer({ min: 1, max: 3 }),
    maxFailures: fc.nat(2),
    alertWithinMs: fc.option(fc.constant(30_000), { nil: undefined }),
  }),
});

/** A worker, the world around it, and what is watched over while they play. */
class World {
  now = after(0);
  due: Effect[] = [];
  leased = false;
  running = new Map<number, number>();
  /** How the last start of each step ended. */
  readonly lastEnd = new Map<
    number,
    { how: 'ended' | 'failed' | 'interrupted' | 'resumed'; failures: number }
  >();

  constructor(public state: MachineState) {}

  send(event: MachineEvent): void {
    const before = this.state;
    const decision = decide(before, event, this.now);
    this.state = decision.state;
    expect(mayFollow(before.status, this.state.status), `${before.status} → ${this.state.status}`).toBe(true);
    if (isFinal(before.status)) expect(this.state).toBe(before);
    if (event.type === 'resumed' && event.decision === 'retry' && before.status === 'needs_attention')
      this.allow();
    for (const effect of decision.effects) if (effect.type === 'run') this.start(before, effect.index);
    this.due = decision.effects.filter((effect) => effect.type !== 'run');
    this.check();
  }

  private start(before: MachineState, index: number): void {
    const old = before.steps[index];
    const fresh = this.state.steps[index];
    expect(this.running.has(index), 'never twice at the same time').toBe(false);
    expect(fresh, 'the intent is stored before the step runs').toMatchObject({ status: 'running' });
    if (fresh === undefined || old === undefined) return;
    const last = this.lastEnd.get(index);
    if (last !== undefined) {
      const retry = last.how === 'failed' && last.failures < old.policy.attempts;
      const repeat = last.how === 'interrupted' && old.policy.idempotent;
      expect(retry || repeat || last.how === 'resumed', `nothing runs twice in silence: ${last.how}`).toBe(
        true,
      );
    }
    if (old.approvalRequired) expect(old.approvedBy, 'what needs approval was approved').not.toBeNull();
    expect(before.ending, 'nothing starts once an end is decided').toBeNull();
    this.running.set(index, fresh.attempt);
  }

  /** A person decided that what was interrupted may run again. */
  private allow(): void {
    for (const end of this.lastEnd.values()) if (end.how === 'interrupted') end.how = 'resumed';
  }

  private record(index: number, how: 'ended' | 'failed' | 'interrupted'): void {
    const failures = this.lastEnd.get(index)?.failures ?? 0;
    this.lastEnd.set(index, { how, failures: failures + (how === 'failed' ? 1 : 0) });
    this.running.delete(index);
  }

  private die(): void {
    for (const index of this.running.keys()) this.record(index, 'interrupted');
  }

  private check(): void {
    const rests = isFinal(this.state.status) || this.state.status === 'needs_attention';
    if (rests) expect(inFlight(this.state), 'nothing runs in a resting state').toEqual([]);
    expect(this.state.wakeAt === null, `a worker comes back unless it rests (${this.state.status})`).toBe(
      rests,
    );
    if (isFinal(this.state.status)) {
      expect(
        this.state.steps.filter((step) => ['pending', 'running', 'awaiting_approval'].includes(step.status)),
      ).toEqual([]);
    }
    if (this.state.status === 'succeeded') {
      const proof = this.state.steps.filter((step) => step.phase === 'verify');
      expect(
        proof.every((step) => ['succeeded', 'skipped'].includes(step.status)),
        'success was proved',
      ).toBe(true);
    }
  }

  play(step: Move): void {
    switch (step.kind) {
      case 'time':
        this.now = new Date(this.now.getTime() + step.ms);
        return;
      case 'outside':
        return this.send(step.event);
      case 'crash':
        return this.claim();
      case 'hand_back':
        this.die();
        if (this.leased) this.send({ type: 'handed_back' });
        this.leased = false;
        return;
      case 'late_result':
        return this.send({
          type: 'step_finished',
          index: step.pick % this.state.steps.length,
          attempt: 1_000,
          outcome: { kind: 'succeeded', exitCode: 0, result: null },
        });
      case 'effect':
        return this.work(step.pick, step.outcome);
    }
  }

  /** A worker takes over, as after a crash, when the state says that one is due. */
  claim(): void {
    if (this.state.wakeAt === null || this.state.wakeAt > this.now) return;
    this.die();
    this.leased = true;
    this.send({ type: 'claimed' });
  }

  work(pick: number, outcome: StepOutcome['kind'] | 'skip' | 'refuse' | 'unready'): void {
    if (!this.leased) return this.claim();
    const choices: (() => void)[] = [
      ...this.due.map((effect) => () => this.perform(effect, outcome)),
      ...[...this.running].map(
        ([index, attempt]) =>
          () =>
            this.finish(index, attempt, outcome),
      ),
    ];
    const choice = choices[pick % Math.max(1, choices.length)];
    if (choice === undefined) this.send({ type: 'tick' });
    else choice();
  }

  private perform(effect: Effect, outcome: string): void {
    switch (effect.type) {
      case 'admit':
        if (outcome === 'refuse') return this.send({ type: 'refused', reason: 'cooldown' });
        if (outcome === 'unready')
          return this.send({ type: 'blocked', reason: 'busy', until: new Date(this.now.getTime() + 5000) });
        return this.send({ type: 'admitted' });
      case 'prepare': {
        const reason = 'because';
        const prepared =
          outcome === 'skip'
            ? ({ do: 'skip', reason } as const)
            : outcome === 'refuse'
              ? ({ do: 'refuse', reason } as const)
              : outcome === 'unready'
                ? ({ do: 'fail', reason } as const)
                : ({ do: 'run', command: 'x' } as const);
        return this.send({ type: 'step_prepared', index: effect.index, prepared });
      }
      case 'abort':
        return this.finish(effect.index, this.running.get(effect.index) ?? 0, 'cancelled');
      case 'check_alert':
        return this.send({
          type: 'alert_checked',
          alert: outcome === 'failed' ? 'firing' : outcome === 'refuse' ? 'gone' : 'resolved',
        });
      case 'run':
    }
  }

  private finish(index: number, attempt: number, kind: string): void {
    this.record(
      index,
      kind === 'failed' || kind === 'timed_out' ? 'failed' : kind === 'unknown' ? 'interrupted' : 'ended',
    );
    const reason = 'because';
    const outcome: StepOutcome =
      kind === 'failed'
        ? { kind, reason, exitCode: 1, result: null }
        : kind === 'timed_out' || kind === 'unknown'
          ? { kind, reason }
          : kind === 'cancelled'
            ? { kind }
            : { kind: 'succeeded', exitCode: 0, result: null };
    this.send({ type: 'step_finished', index, attempt, outcome });
  }

  /** No more surprises: the worker works on, and time passes. */
  settle(): void {
    for (
      let round = 0;
      round < 2_000 && !isFinal(this.state.status) && this.state.status !== 'needs_attention';
      round++
    ) {
      if (this.due.length > 0 || this.running.size > 0) this.work(0, 'succeeded');
      else {
        this.now = new Date(Math.max(this.now.getTime(), this.state.wakeAt?.getTime() ?? 0));
        this.claim();
      }
    }
  }
}

describe('any execution, whatever happens to it', () => {
  it('makes only legal transitions, repeats nothing in silence, and always comes to rest', () => {
    fc.assert(
      fc.property(program, fc.array(move, { maxLength: 60 }), ({ sketches, options }, moves) => {
        const world = new World(execution(sketches, options));
        for (const each of moves) world.play(each);
        world.settle();
        expect(
          isFinal(world.state.status) || world.state.status === 'needs_attention',
          world.state.status,
        ).toBe(true);
      }),
      { numRuns: 1_500 },
    );
  });

  it('ends as cancelled, and only that, once a stop was asked for', () => {
    fc.assert(
      fc.property(program, fc.array(move, { maxLength: 40 }), ({ sketches, options }, moves) => {
        const world = new World(execution(sketches, options));
        for (const each of moves) world.play(each);
        const open = !isFinal(world.state.status) && world.state.ending === null;
        world.send({ type: 'cancel_requested', by: person, reason: null });
        world.settle();
        if (open) expect(world.state.status).toBe('cancelled');
      }),
      { numRuns: 500 },
    );
  });
});
