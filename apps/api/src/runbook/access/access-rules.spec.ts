import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role } from '@aiops/contracts';
import {
  defaultAccess,
  faultsOf,
  isApprover,
  mayRun,
  mustAsk,
  whyNotApprove,
  whyNotChange,
  type RunbookAccess,
} from './access-rules.js';
import { whoMay } from './access-words.js';

const person = (id: string, role: Role) => ({ kind: 'user' as const, id, role });
const key = (role: Role) => ({ kind: 'api_key' as const, id: 'key', role });
const ann = person('ann', 'responder');
const bob = person('bob', 'engineer');
const strict: RunbookAccess = {
  risk: 'high',
  run: { role: 'responder', userIds: [] },
  approve: { role: 'engineer', userIds: ['ann'] },
  selfApproval: false,
};

describe('what holds while nobody has set anything', () => {
  it.each(['required', 'by_rule'] as const)('is a high risk, which no responder approves: %s', (approval) => {
    const access = defaultAccess(approval);
    expect(access).toMatchObject({ risk: 'high', approve: { role: 'engineer' } });
    expect(isApprover(access, ann)).toBe(false);
    expect(mayRun(access, ann)).toBe(true);
    expect(mustAsk(access, ann)).toBe(true);
    expect(mustAsk(access, bob)).toBe(false);
    expect(faultsOf(access)).toEqual([]);
  });

  it('is a low risk where the runbook asks nobody', () => {
    const access = defaultAccess('never');
    expect(access.risk).toBe('low');
    expect(mustAsk(access, ann)).toBe(false);
    expect(faultsOf(access)).toEqual([]);
  });
});

describe('approving', () => {
  it('is for the role and those above, and for the named', () => {
    expect(whyNotApprove(strict, person('eve', 'responder'), bob)).toBe('no_approver');
    expect(whyNotApprove(strict, ann, bob)).toBeNull();
    expect(whyNotApprove(strict, bob, ann)).toBeNull();
    expect(whyNotApprove(strict, person('root', 'admin'), bob)).toBeNull();
  });

  it('without a role is for the named alone, administrators not among them', () => {
    const only: RunbookAccess = { ...strict, approve: { role: null, userIds: ['ann'] } };
    expect(whyNotApprove(only, person('root', 'admin'), bob)).toBe('no_approver');
    expect(whyNotApprove(only, ann, bob)).toBeNull();
  });

  it('takes a key by its role, and never for a person that is named', () => {
    const open = { ...strict, selfApproval: true };
    expect(whyNotApprove(open, key('engineer'), bob)).toBeNull();
    expect(whyNotApprove(open, { ...key('responder'), id: 'ann' }, bob)).toBe('no_approver');
  });

  it('with four eyes takes a second person: not who asked, not whose key asked, and no key', () => {
    expect(whyNotApprove(strict, bob, bob)).toBe('own_request');
    expect(whyNotApprove(strict, bob, { kind: 'api_key', id: 'key', makerId: 'bob' })).toBe('own_request');
    expect(whyNotApprove(strict, bob, { kind: 'api_key', id: 'key', makerId: 'eve' })).toBeNull();
    expect(whyNotApprove(strict, key('admin'), bob)).toBe('key_for_second_person');
    expect(whyNotApprove(strict, bob, { kind: 'rule', id: 'bob' })).toBeNull();
    expect(mustAsk(strict, bob)).toBe(true);
  });
});

describe('settings', () => {
  it('under which nobody could do it, or a responder a high risk, are faulty', () => {
    expect(faultsOf({ ...strict, run: { role: null, userIds: [] } })).toMatchObject([{ field: 'run.users' }]);
    expect(faultsOf({ ...strict, approve: { role: null, userIds: [] } })).toMatchObject([
      { field: 'approve.users' },
    ]);
    const low = { role: 'responder' as const, userIds: [] };
    expect(faultsOf({ ...strict, approve: low })).toMatchObject([{ field: 'approve.role' }]);
    expect(faultsOf({ ...strict, risk: 'low', approve: low })).toEqual([]);
  });

  it('are made stricter by anybody, looser by approvers, and without a second person by administrators alone', () => {
    const outsider = person('eve', 'engineer');
    const admins: RunbookAccess = { ...strict, approve: { role: 'admin', userIds: [] }, selfApproval: true };
    expect(whyNotChange(strict, admins, { ...bob })).toBe('second_person');
    expect(whyNotChange({ ...strict, selfApproval: true }, admins, bob)).toBeNull();
    expect(whyNotChange(admins, { ...admins, selfApproval: false }, outsider)).toBeNull();
    expect(whyNotChange(admins, { ...admins, risk: 'low' }, outsider)).toBe('no_approver');
    expect(whyNotChange(admins, { ...admins, approve: { role: 'engineer', userIds: [] } }, outsider)).toBe(
      'no_approver',
    );
    const named = { ...admins, run: { role: 'responder' as const, userIds: ['eve'] } };
    expect(whyNotChange(admins, named, outsider)).toBe('no_approver');
    expect(whyNotChange(admins, named, person('root', 'admin'))).toBeNull();
  });

  const roleArbitrary = fc.constantFrom('responder' as const, 'engineer' as const, 'admin' as const);
  const permit = fc.record({
    role: fc.option(roleArbitrary),
    userIds: fc.uniqueArray(fc.constantFrom('ann', 'bob', 'eve')),
  });
  const accessArbitrary = fc.record({
    risk: fc.constantFrom('low' as const, 'high' as const),
    run: permit,
    approve: permit,
    selfApproval: fc.boolean(),
  });

  it('never let an engineer who may not approve change them so that they may run or approve more', () => {
    fc.assert(
      fc.property(
        accessArbitrary,
        accessArbitrary,
        fc.constantFrom('ann', 'bob', 'eve'),
        (before, after, id) => {
          const who = person(id, 'engineer');
          if (isApprover(before, who) || whyNotChange(before, after, who) !== null) return;
          expect(isApprover(after, who)).toBe(false);
          if (!mayRun(before, who)) expect(mayRun(after, who)).toBe(false);
        },
      ),
    );
  });

  it('never let a responder who is not named approve a high risk', () => {
    fc.assert(
      fc.property(accessArbitrary, (access) => {
        if (access.risk === 'low' || faultsOf(access).length > 0) return;
        expect(isApprover(access, person('nobody', 'responder'))).toBe(false);
        expect(isApprover(access, key('responder'))).toBe(false);
      }),
    );
  });
});

describe('who may, in words', () => {
  it('names the role, the people, or both', () => {
    const names = new Map([
      ['ann', 'Ann'],
      ['bob', 'Bob'],
      ['eve', 'Eve'],
    ]);
    expect(whoMay({ role: 'engineer', userIds: [] }, names)).toBe('engineers and above');
    expect(whoMay({ role: 'admin', userIds: ['ann'] }, names)).toBe('administrators, or Ann');
    expect(whoMay({ role: null, userIds: ['eve', 'ann', 'bob'] }, names)).toBe('only Ann, Bob or Eve');
    expect(whoMay({ role: null, userIds: ['gone'] }, names)).toBe('nobody any more');
  });
});
