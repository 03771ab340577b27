import { describe, expect, it } from 'vitest';
import { isLast, isRecent, lacksSecondFactor, relyingParty } from './factor-rules.js';

describe('second factors', () => {
  it.each([
    ['admin', ['pwd'], true],
    ['admin', ['pwd', 'otp'], false],
    ['admin', ['swk'], false],
    ['admin', ['hwk'], false],
    ['viewer', ['pwd'], false],
  ] as const)('are missing of %s with %j: %s', (role, methods, missing) => {
    expect(lacksSecondFactor({ role, methods }, ['admin', 'engineer'])).toBe(missing);
    expect(lacksSecondFactor({ role, methods }, [])).toBe(false);
  });

  it('may be changed within ten minutes of proof', () => {
    const at = new Date('2026-01-31T12:00:00Z');
    expect(isRecent(at, new Date('2026-01-31T12:09:59Z'))).toBe(true);
    expect(isRecent(at, new Date('2026-01-31T12:10:00Z'))).toBe(false);
  });

  it('know when one is the last', () => {
    expect(isLast({ totp: true, passkeys: 0 })).toBe(true);
    expect(isLast({ totp: false, passkeys: 1 })).toBe(true);
    expect(isLast({ totp: true, passkeys: 1 })).toBe(false);
    expect(isLast({ totp: false, passkeys: 2 })).toBe(false);
  });
});

describe('who we are to passkeys', () => {
  it.each([
    [
      'https://aiops.example.com/',
      undefined,
      { id: 'aiops.example.com', origin: 'https://aiops.example.com' },
    ],
    [
      'https://aiops.example.com:8443',
      'x',
      { id: 'aiops.example.com', origin: 'https://aiops.example.com:8443' },
    ],
    ['http://localhost:3000', undefined, { id: 'localhost', origin: 'http://localhost:3000' }],
    [undefined, 'localhost:8080', { id: 'localhost', origin: 'http://localhost:8080' }],
    ['http://aiops.example.com', undefined, null],
    ['https://192.0.2.1', undefined, null],
    ['https://[2001:db8::1]', undefined, null],
    [undefined, '127.0.0.1:8080', null],
    // What a caller says of itself names nobody.
    [undefined, 'aiops.example.com', null],
    [undefined, undefined, null],
  ])('is, by PUBLIC_URL %s and host %s: %j', (publicUrl, host, expected) => {
    expect(relyingParty(publicUrl, host)).toEqual(expected);
  });
});
