import { describe, expect, it } from 'vitest';
import { endOfGrace, successorExpiry, warningsOf, whyNotGrant } from './api-key-rules.js';

const now = new Date('2026-06-01T12:00:00.000Z');
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);

describe('warnings about a key', () => {
  const key = { expiresAt: null, lastUsedAt: days(-1), createdAt: days(-400) };

  it('are none for one that is used and lasts', () => {
    expect(warningsOf(key, now)).toEqual([]);
    expect(warningsOf({ ...key, expiresAt: days(15) }, now)).toEqual([]);
  });

  it('tell of one that expires within two weeks, and of one that has', () => {
    expect(warningsOf({ ...key, expiresAt: days(14) }, now)).toEqual(['expires_soon']);
    expect(warningsOf({ ...key, expiresAt: now, lastUsedAt: null }, now)).toEqual(['expired']);
  });

  it('tell of one that was not used for 90 days, and for as long never', () => {
    expect(warningsOf({ ...key, lastUsedAt: days(-90) }, now)).toEqual(['unused']);
    expect(warningsOf({ ...key, lastUsedAt: null, createdAt: days(-89) }, now)).toEqual([]);
    expect(warningsOf({ ...key, lastUsedAt: null, createdAt: days(-90), expiresAt: days(2) }, now)).toEqual([
      'expires_soon',
      'unused',
    ]);
  });
});

describe('the role of a key', () => {
  it('is never above that of who makes it', () => {
    expect(whyNotGrant('engineer', 'engineer')).toBeNull();
    expect(whyNotGrant('admin', 'admin')).toBeNull();
    expect(whyNotGrant('engineer', 'admin')).toContain('cannot have the role admin');
    expect(whyNotGrant('viewer', 'responder')).not.toBeNull();
  });
});

describe('a rotation', () => {
  it('gives the new key as long a life as the old one was given', () => {
    expect(successorExpiry({ expiresAt: null, createdAt: days(-10) }, now)).toBeNull();
    expect(successorExpiry({ expiresAt: days(5), createdAt: days(-25) }, now)).toEqual(days(30));
    expect(successorExpiry({ expiresAt: days(-5), createdAt: days(-35) }, now)).toEqual(days(30));
  });

  it('ends the old key after the grace, and never later than it would have ended', () => {
    expect(endOfGrace(null, 24, now)).toEqual(days(1));
    expect(endOfGrace(days(0.5), 24, now)).toEqual(days(0.5));
    expect(endOfGrace(null, 0, now)).toEqual(now);
  });
});
