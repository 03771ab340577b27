import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Delivery, Episode } from './delivery.js';
import { makeDelivery } from './delivery.fixture.js';
import { contentHashOf } from './fold-deliveries.js';
import { mergeDelivery, type MergeDecision } from './merge-delivery.js';

const minute = 60_000;
const noon = new Date('2026-01-31T12:00:00Z');
const at = (minutes: number): Date => new Date(noon.getTime() + minutes * minute);
const settings = { reopenWindowMs: 5 * minute };

function merge(
  stored: Episode | null,
  given: Partial<Delivery>,
  now: Date,
  reopenWindowMs = settings.reopenWindowMs,
): MergeDecision {
  const delivery = makeDelivery(given);
  const isOpen = stored !== null && stored.status !== 'resolved';
  const hashed = { ...delivery, contentHash: contentHashOf(delivery) };
  return mergeDelivery(isOpen ? stored : null, isOpen ? null : stored, hashed, now, { reopenWindowMs });
}

const opened = (given: Partial<Delivery> = {}, now = noon): Episode => merge(null, given, now).next;
const resolved = (given: Partial<Delivery> = {}, now = at(10)): Episode =>
  merge(opened(), { status: 'resolved', endsAt: at(10), ...given }, now).next;

describe('an alert nobody knew', () => {
  it('opens an episode when it fires', () => {
    const decision = merge(null, {}, noon);
    expect(decision).toMatchObject({
      kind: 'opened',
      isNew: true,
      next: { status: 'firing', occurrences: 1 },
    });
    expect(decision.lines).toEqual([]);
  });

  it('is stored and starts nothing when it was over already', () => {
    const decision = merge(null, { status: 'resolved', startsAt: at(-60), endsAt: at(-30) }, noon);
    expect(decision).toMatchObject({
      kind: 'recorded',
      isNew: true,
      next: { status: 'resolved', resolvedAt: at(-30) },
    });
  });
});

describe('a delivery for an open alert', () => {
  it('counts as a repeat and adds no line to the timeline', () => {
    const decision = merge(opened(), {}, at(1));
    expect(decision).toMatchObject({ kind: 'repeated', isNew: false, replacesContent: false, lines: [] });
    expect(decision.next).toMatchObject({ occurrences: 2, lastReceivedAt: at(1) });
  });

  it('brings newer annotations without making a second alert', () => {
    const decision = merge(opened(), { annotations: { value: '97' } }, at(1));
    expect(decision).toMatchObject({ kind: 'updated', isNew: false, replacesContent: true, lines: [] });
  });

  it('tells the timeline when the severity changed', () => {
    const decision = merge(opened(), { severity: 'critical' }, at(1));
    expect(decision.lines).toMatchObject([
      { kind: 'severity_changed', details: { from: 'warning', to: 'critical' } },
    ]);
    expect(decision.next.severity).toBe('critical');
  });

  it('keeps the earliest start', () => {
    expect(merge(opened(), { startsAt: at(-5) }, at(1)).next.startsAt).toEqual(at(-5));
    expect(merge(opened(), { startsAt: at(5) }, at(6)).next.startsAt).toEqual(noon);
  });

  it('leaves an acknowledgement alone', () => {
    const acknowledged: Episode = {
      ...opened(),
      status: 'acknowledged',
      acknowledgedBy: 'mia',
      acknowledgedAt: at(1),
    };
    expect(merge(acknowledged, {}, at(2)).next).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: 'mia',
    });
  });

  it('resolves it, with the end that the sender names', () => {
    const decision = merge(opened(), { status: 'resolved', endsAt: at(4) }, at(6));
    expect(decision).toMatchObject({ kind: 'resolved', isNew: false });
    expect(decision.next).toMatchObject({
      status: 'resolved',
      endsAt: at(4),
      resolvedAt: at(4),
      occurrences: 1,
    });
    expect(decision.lines.map((line) => line.kind)).toEqual(['resolved']);
  });

  it('never resolves it before it began or in the future', () => {
    expect(merge(opened(), { status: 'resolved', endsAt: at(-9) }, at(6)).next.resolvedAt).toEqual(noon);
    expect(merge(opened(), { status: 'resolved', endsAt: at(99) }, at(6)).next.resolvedAt).toEqual(at(6));
  });

  it('says once that the sender left alerts out', () => {
    const first = merge(null, { truncatedAlerts: 7 }, noon);
    expect(first.lines.map((line) => line.kind)).toEqual(['truncated']);
    expect(merge(first.next, { truncatedAlerts: 7 }, at(1)).lines).toEqual([]);
    expect(merge(first.next, { truncatedAlerts: 8 }, at(1)).lines.map((line) => line.kind)).toEqual([
      'truncated',
    ]);
  });
});

describe('until when an alert is believed', () => {
  it('is the timeout after the last delivery when the sender names no end', () => {
    const first = opened({ resolveAfterMs: 5 * minute });
    expect(first).toMatchObject({ expiresAt: at(5), expiryIsTimeout: true, endsAt: null });
    expect(merge(first, { resolveAfterMs: 5 * minute }, at(3)).next.expiresAt).toEqual(at(8));
  });

  it('is the end that the sender names, moved by each delivery', () => {
    const first = opened({ endsAt: at(4), resolveAfterMs: 5 * minute });
    expect(first).toMatchObject({ expiresAt: at(4), expiryIsTimeout: false, endsAt: at(4) });
    expect(merge(first, { endsAt: at(5) }, at(1)).next).toMatchObject({ expiresAt: at(5), endsAt: at(5) });
  });

  it('does not shrink: a named end outlives an earlier one and any timeout', () => {
    const first = opened({ endsAt: at(30) });
    expect(merge(first, { endsAt: at(5) }, at(1)).next.expiresAt).toEqual(at(30));
    const timeout = merge(first, { resolveAfterMs: 5 * minute }, at(1)).next;
    expect(timeout).toMatchObject({ expiresAt: at(30), expiryIsTimeout: false, endsAt: at(30) });
  });

  it('replaces a timeout, also by an earlier end', () => {
    const first = opened({ resolveAfterMs: 60 * minute });
    expect(merge(first, { endsAt: at(5) }, at(1)).next).toMatchObject({
      expiresAt: at(5),
      expiryIsTimeout: false,
    });
  });

  it('has no limit for a sender that resolves by itself', () => {
    expect(opened()).toMatchObject({ expiresAt: null, checkAt: null });
  });

  it('is never checked too late, and repeats leave the check alone', () => {
    const first = opened({ resolveAfterMs: 5 * minute });
    const second = merge(first, { resolveAfterMs: 5 * minute }, at(3)).next;
    expect(second.checkAt).toEqual(first.checkAt);
    const third = merge(second, { endsAt: at(4) }, at(3.5)).next;
    expect(third.checkAt).toEqual(at(4));
  });
});

describe('a delivery after the resolution', () => {
  it('reopens the episode inside the window and says so', () => {
    const decision = merge({ ...resolved(), acknowledgedBy: 'mia', acknowledgedAt: at(2) }, {}, at(15));
    expect(decision).toMatchObject({ kind: 'reopened', isNew: false });
    expect(decision.next).toMatchObject({
      status: 'firing',
      resolvedAt: null,
      startsAt: noon,
      acknowledgedBy: null,
    });
    const summary = 'Fires again 300 s after it was resolved; it counts as the same episode';
    expect(decision.lines[0]).toMatchObject({ kind: 'reopened', summary });
  });

  it('opens another episode after the window', () => {
    const decision = merge(resolved(), { startsAt: at(15.1) }, at(15.1));
    expect(decision).toMatchObject({
      kind: 'opened',
      isNew: true,
      next: { occurrences: 1, startsAt: at(15.1) },
    });
  });

  it('changes nothing but the end when it says again that it is resolved', () => {
    const last = resolved();
    const again = merge(last, { status: 'resolved', endsAt: at(12) }, at(13));
    expect(again).toMatchObject({ kind: 'confirmed', isNew: false, lines: [] });
    expect(again.next).toMatchObject({ endsAt: at(12), resolvedAt: at(10) });
    expect(merge(again.next, { status: 'resolved', endsAt: at(10) }, at(14)).next.endsAt).toEqual(at(12));
  });

  it('records an episode that was missed whole', () => {
    const decision = merge(resolved(), { status: 'resolved', startsAt: at(20), endsAt: at(25) }, at(30));
    expect(decision).toMatchObject({ kind: 'recorded', isNew: true });
    const again = merge(decision.next, { status: 'resolved', startsAt: at(20), endsAt: at(25) }, at(31));
    expect(again.kind).toBe('confirmed');
  });

  it('is the last episode for a sender that names no start', () => {
    const given = { status: 'resolved', startsAt: at(30), startsAtStated: false } as const;
    expect(merge(resolved(), given, at(30)).kind).toBe('confirmed');
  });
});

describe('any history of deliveries', () => {
  const step = fc.record({
    status: fc.constantFrom('firing' as const, 'firing' as const, 'resolved' as const),
    start: fc.integer({ min: -60, max: 60 }),
    end: fc.option(fc.integer({ min: -60, max: 120 }), { nil: null }),
    pause: fc.integer({ min: 0, max: 12 }),
    value: fc.integer({ min: 0, max: 2 }),
  });
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  /** Every episode that a history leaves, the open one, if any, last. */
  function play(steps: Step[]): { episodes: Episode[]; decisions: MergeDecision[] } {
    const episodes: Episode[] = [];
    const decisions: MergeDecision[] = [];
    let now = 0;
    for (const { status, start, end, pause, value } of steps) {
      now += pause;
      const startsAt = at(start);
      const endsAt = end === null ? null : at(Math.max(start, end));
      const given = {
        status,
        startsAt,
        endsAt,
        annotations: { value: String(value) },
        resolveAfterMs: 5 * minute,
      };
      const decision = merge(episodes.at(-1) ?? null, given, at(now));
      if (!decision.isNew) episodes.pop();
      episodes.push(decision.next);
      decisions.push(decision);
    }
    return { episodes, decisions };
  }

  it('leaves at most one open episode, and it is the newest', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const { episodes } = play(steps);
        for (const episode of episodes.slice(0, -1)) expect(episode.status).toBe('resolved');
      }),
    );
  });

  it('keeps what belongs together: an end if and only if resolved, never before the start, never lost time', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        for (const episode of play(steps).episodes) {
          expect(episode.resolvedAt !== null).toBe(episode.status === 'resolved');
          if (episode.status === 'resolved') expect(episode.expiresAt).toBeNull();
          if (episode.expiresAt !== null)
            expect(episode.checkAt?.getTime()).toBeLessThanOrEqual(episode.expiresAt.getTime());
          if (episode.endsAt !== null)
            expect(episode.endsAt.getTime()).toBeGreaterThanOrEqual(episode.startsAt.getTime());
          expect(episode.occurrences).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('counts every firing delivery once', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const { episodes, decisions } = play(steps);
        const recorded = decisions.filter((decision) => decision.kind === 'recorded').length;
        const counted = episodes.reduce((sum, episode) => sum + episode.occurrences, 0);
        expect(counted - recorded).toBe(steps.filter((one) => one.status === 'firing').length);
      }),
    );
  });

  it('takes the same delivery twice as one, but for the count', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), step, (steps, last) => {
        const once = play([...steps, last]).episodes;
        const twice = play([...steps, last, { ...last, pause: 0 }]).episodes;
        const plain = (episode: Episode | undefined) => ({ ...episode, occurrences: 0 });
        expect(twice.length).toBe(once.length);
        expect(plain(twice.at(-1))).toEqual(plain(once.at(-1)));
      }),
    );
  });

  it('gives the same start, count and named end in whatever order the firing deliveries come', () => {
    const firing = fc.record({
      start: fc.integer({ min: -60, max: 0 }),
      end: fc.integer({ min: 30, max: 90 }),
    });
    const shuffled = fc
      .array(firing, { minLength: 2, maxLength: 8 })
      .chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
        ),
      );
    const run = (list: { start: number; end: number }[]) => ({
      ...play(
        list.map(({ start, end }) => ({ status: 'firing', start, end, pause: 0, value: 0 })),
      ).episodes.at(-1),
      checkAt: null,
    });
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(run(other)).toEqual(run(list));
      }),
    );
  });
});
