import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessSeconds, GRACE_MS, isWorthNoting, judgeToken, standingOf } from './session-rules.js';

const HOUR_MS = 3_600_000;
const noon = new Date(Date.UTC(2026, 0, 1, 12));
const after = (ms: number): Date => new Date(noon.getTime() + ms);
const session = { lastActiveAt: noon, expiresAt: after(10 * HOUR_MS), endedAt: null };

describe('a session (R1.5)', () => {
  it('is live until it is ended, not used for too long, or over', () => {
    expect(standingOf(session, after(HOUR_MS - 1), HOUR_MS)).toBe('live');
    expect(standingOf(session, after(HOUR_MS), HOUR_MS)).toBe('idle');
    expect(standingOf(session, after(10 * HOUR_MS), 100 * HOUR_MS)).toBe('expired');
    expect(standingOf({ ...session, endedAt: noon }, noon, HOUR_MS)).toBe('ended');
  });

  it('comes to its end however often it is used', () => {
    const uses = fc.array(fc.integer({ min: 1, max: HOUR_MS - 1 }), { maxLength: 50 });
    fc.assert(
      fc.property(uses, (pauses) => {
        let now = 0;
        for (const pause of pauses) {
          const used = { ...session, lastActiveAt: after(now) };
          now += pause;
          expect(standingOf(used, after(now), HOUR_MS)).toBe(now >= 10 * HOUR_MS ? 'expired' : 'live');
        }
      }),
    );
  });

  it('is noted as used often enough to stay live, by whoever uses it all the time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 30 * 24 * HOUR_MS }), (idleMs) => {
        expect(isWorthNoting(noon, after(idleMs - 1), idleMs)).toBe(true);
        expect(isWorthNoting(noon, after(1), idleMs)).toBe(false);
      }),
    );
  });

  it('gives access tokens that never outlive it', () => {
    expect(accessSeconds(session, noon, 900_000)).toBe(900);
    expect(accessSeconds(session, after(10 * HOUR_MS - 5_500), 900_000)).toBe(5);
  });
});

describe('a refresh token', () => {
  it('is exchanged once, repeated for a moment, and taken for stolen after that', () => {
    expect(judgeToken({ usedAt: null }, after(100 * HOUR_MS))).toBe('rotate');
    expect(judgeToken({ usedAt: noon }, after(GRACE_MS - 1))).toBe('repeat');
    expect(judgeToken({ usedAt: noon }, after(GRACE_MS))).toBe('reuse');
  });
});
