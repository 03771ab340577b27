import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptedKey, retirementOf, signingKey, type KeptKey } from './key-rules.js';

const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const kept = (kid: string, made: number, retires: number | null = null): KeptKey => ({
  kid,
  secret: `kept ${kid}`,
  createdAt: at(made),
  retiresAt: retires === null ? null : at(retires),
});
const configured = [
  { kid: 'new', secret: 'configured new' },
  { kid: 'old', secret: 'configured old' },
];

describe('the key that signs (R1.1)', () => {
  it('is the first of JWT_SECRETS where it is set', () => {
    expect(signingKey({ configured, kept: [kept('k', 5)] })?.kid).toBe('new');
  });

  it('is the newest of the database where it is not, among those that are not being retired', () => {
    const keys = [kept('a', 1), kept('b', 3), kept('c', 2), kept('d', 4, 90)];
    expect(signingKey({ configured: [], kept: keys })?.kid).toBe('b');
    expect(signingKey({ configured: [], kept: [kept('d', 4, 90)] })).toBeNull();
  });
});

describe('tokens', () => {
  it('are accepted of a key until it retires, and of one in JWT_SECRETS as long as it stands there', () => {
    const keys = { configured, kept: [kept('a', 1, 10), kept('old', 1)] };
    expect(acceptedKey(keys, 'a', at(9))?.secret).toBe('kept a');
    expect(acceptedKey(keys, 'a', at(10))).toBeNull();
    expect(acceptedKey(keys, 'old', at(500))?.secret).toBe('configured old');
    expect(acceptedKey(keys, 'nobody', at(0))).toBeNull();
  });

  it('outlive a rotation by their whole life, whenever they were signed before it', () => {
    const minutes = fc.integer({ min: 1, max: 24 * 60 });
    fc.assert(
      fc.property(minutes, minutes, (life, rotation) => {
        const retiresAt = retirementOf(at(rotation), life * 60_000);
        const keys = { configured: [], kept: [{ ...kept('k', 0), retiresAt }] };
        expect(acceptedKey(keys, 'k', at(rotation + life))).not.toBeNull();
        expect(acceptedKey(keys, 'k', at(rotation + life + 1))).toBeNull();
      }),
    );
  });
});
