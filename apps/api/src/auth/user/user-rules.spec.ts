import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Role } from '@aiops/contracts';
import { whyNotChange, type StandingChange } from './user-rules.js';

interface Standing {
  id: string;
  role: Role;
  disabled: boolean;
}
const admin: Standing = { id: 'a', role: 'admin', disabled: false };

describe('whyNotChange', () => {
  it.each<[string, StandingChange]>([
    ['remove', { removed: true }],
    ['disable', { disabled: true }],
    ['change the role of', { role: 'viewer' }],
  ])('does not let anybody %s themselves', (_what, change) => {
    expect(whyNotChange(admin, change, { userId: 'a', activeAdminIds: ['a', 'b'] })).toMatch(/your/i);
    expect(whyNotChange(admin, change, { userId: 'b', activeAdminIds: ['a', 'b'] })).toBeNull();
  });

  it('lets people change what does not touch their access', () => {
    expect(whyNotChange(admin, { role: 'admin' }, { userId: 'a', activeAdminIds: ['a'] })).toBeNull();
    expect(whyNotChange(admin, {}, { userId: 'a', activeAdminIds: ['a'] })).toBeNull();
  });

  it('always leaves an administrator who can sign in, whatever happens in whatever order', () => {
    const people = ['a', 'b', 'c', 'd'];
    const step = fc.record({
      who: fc.constantFrom(...people),
      by: fc.constantFrom(...people, null),
      change: fc.record(
        {
          removed: fc.boolean(),
          disabled: fc.boolean(),
          role: fc.constantFrom<Role>('viewer', 'responder', 'engineer', 'admin'),
        },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let users = people.map((id, index): Standing => ({
          id,
          role: index < 2 ? 'admin' : 'viewer',
          disabled: false,
        }));
        const admins = () =>
          users.filter((user) => user.role === 'admin' && !user.disabled).map((user) => user.id);
        for (const { who, by, change } of steps) {
          const user = users.find((candidate) => candidate.id === who);
          if (user === undefined) continue;
          if (whyNotChange(user, change, { userId: by, activeAdminIds: admins() }) !== null) continue;
          user.role = change.role ?? user.role;
          user.disabled = change.disabled ?? user.disabled;
          if (change.removed === true) users = users.filter((other) => other !== user);
        }
        expect(admins().length).toBeGreaterThan(0);
      }),
    );
  });
});
