import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UserDto } from '@aiops/contracts';
import { expireSession, getSession, isSession, setSession, whenPersonLeaves } from './session';

const person = (id: string): UserDto => ({
  id,
  username: id,
  display_name: id,
  role: 'viewer',
  disabled: false,
  has_password: true,
  must_change_password: false,
  last_login_at: null,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
});
const forget = vi.fn();
whenPersonLeaves(forget);

afterEach(() => {
  setSession(null);
  forget.mockClear();
});

describe('a session', () => {
  it('that has run out sends no token any more, and forgets nothing of its person', () => {
    setSession({ token: 't', user: person('mia') });
    expireSession();
    expect(getSession()).toBeNull();
    setSession({ token: 'again', user: person('mia') });
    expect(getSession()?.token).toBe('again');
    expect(forget).not.toHaveBeenCalled();
  });

  it('is forgotten when its person leaves or another one comes', () => {
    setSession({ token: 't', user: person('mia') });
    expireSession();
    setSession({ token: 't', user: person('tom') });
    expect(forget).toHaveBeenCalledTimes(1);
    setSession(null);
    expect(forget).toHaveBeenCalledTimes(2);
  });

  it('does not outlive a reload once it has run out', () => {
    setSession({ token: 't', user: person('mia') });
    expect(sessionStorage.length).toBe(1);
    expireSession();
    expect(sessionStorage.length).toBe(0);
  });

  it.each([null, 'text', {}, { token: 't' }, { token: 1, user: {} }, { token: 't', user: { id: 'x' } }])(
    'is not taken from storage when it is none: %j',
    (value) => expect(isSession(value)).toBe(false),
  );
});
