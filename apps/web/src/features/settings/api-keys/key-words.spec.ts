import type { ApiKeyDto } from '@aiops/contracts';
import { describe, expect, it } from 'vitest';
import { expiryOf, mayWords, warningWords } from './key-words';

const now = Date.parse('2026-06-01T12:00:00.000Z');
const key: ApiKeyDto = {
  id: '01981a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b',
  name: 'Bonn',
  description: '',
  role: 'responder',
  scopes: ['ingest'],
  hint: 'aiops_abcd***',
  expires_at: '2026-06-08T11:00:00.000Z',
  last_used_at: null,
  last_used_from: null,
  created_by: 'admin',
  replaced_by: null,
  warnings: [],
  created_at: '2026-01-01T00:00:00.000Z',
};

describe('what a key may do', () => {
  it('names its scopes, and the role where it counts', () => {
    expect(mayWords(key)).toBe('Send alerts');
    expect(mayWords({ role: 'responder', scopes: ['run', 'read'] })).toBe(
      'Read, run and stop runbooks, as responder',
    );
  });
});

describe('a warning', () => {
  it('says what and what to do', () => {
    expect(warningWords(key, 'expires_soon', now)).toBe('expires in 7 days. Rotate it.');
    const rotated = { ...key, replaced_by: key.id, expires_at: '2026-06-02T11:00:00.000Z' };
    expect(warningWords(rotated, 'expires_soon', now)).toBe(
      'expires in 23 h. It was rotated: its holders must change over.',
    );
    const soon = { ...key, expires_at: '2026-06-01T12:10:00.000Z' };
    expect(warningWords(soon, 'expires_soon', now)).toBe('expires within the hour. Rotate it.');
    expect(warningWords(key, 'unused', now)).toContain('never used');
  });
});

describe('an expiry', () => {
  it('is so many days away, or none', () => {
    expect(expiryOf('0', now)).toBeNull();
    expect(expiryOf('30', now)).toBe('2026-07-01T12:00:00.000Z');
  });
});
