import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UserDto } from '@aiops/contracts';
import {
  expireSession,
  getSession,
  hasHint,
  setSession,
  updateUser,
  whenPersonLeaves,
  whenPersonReturns,
} from './session';

const person = (id: string, updated = '2026-01-01T00:00:00.000Z'): UserDto => ({
  id,
  username: id,
  display_name: id,
  role: 'viewer',
  disabled: false,
  has_password: true,
  must_change_password: false,
  last_login_at: null,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: updated,
});
const forget = vi.fn();
whenPersonLeaves(forget);

const lookAnew = vi.fn();
whenPersonReturns(lookAnew);

afterEach(() => {
  setSession(null);
  forget.mockClear();
  lookAnew.mockClear();
});

describe('a session', () => {
  it('that has run out sends no token any more, and forgets nothing of its person', () => {
    setSession({ token: 't', user: person('mia') });
    expireSession('over');
    expect(getSession()).toBeNull();
    setSession({ token: 'again', user: person('mia') });
    expect(getSession()?.token).toBe('again');
    expect(forget).not.toHaveBeenCalled();
    expect(lookAnew).toHaveBeenCalledTimes(1);
  });

  it('is forgotten when its person leaves or another one comes', () => {
    setSession({ token: 't', user: person('mia') });
    expireSession('over');
    setSession({ token: 't', user: person('tom') });
    expect(forget).toHaveBeenCalledTimes(1);
    setSession(null);
    expect(forget).toHaveBeenCalledTimes(2);
    expect(lookAnew).not.toHaveBeenCalled();
  });

  it('is in memory alone: nothing of it is stored', () => {
    setSession({ token: 'a-secret-token', user: person('mia') });
    expect([localStorage.length, sessionStorage.length, document.cookie]).toEqual([0, 0, '']);
  });

  it('goes on with another role of its person, and with nobody else’s', () => {
    setSession({ token: 't', user: person('mia') });
    updateUser({ ...person('mia', '2026-01-02T00:00:00.000Z'), role: 'admin' });
    expect(getSession()).toMatchObject({ token: 't', user: { role: 'admin' } });
    updateUser({ ...person('tom', '2026-01-03T00:00:00.000Z'), role: 'viewer' });
    expect(getSession()?.user).toMatchObject({ id: 'mia', role: 'admin' });
  });

  it.each([
    ['', false],
    ['aiops_signed_in=', false],
    ['other=1; not_aiops_signed_in=1', false],
    ['other=1; aiops_signed_in=1', true],
    ['aiops_signed_in=1;other=1', true],
  ])('is looked for when the cookies are "%s": %s', (cookies, there) => {
    expect(hasHint(cookies)).toBe(there);
  });
});
