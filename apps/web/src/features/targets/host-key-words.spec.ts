import type { HostKeyDto } from '@aiops/contracts';
import { describe, expect, it } from 'vitest';
import { conflictOf } from './host-key-words';

const key = (id: string, over: Partial<HostKeyDto>): HostKeyDto => ({
  id,
  target_id: 't',
  algorithm: 'ssh-ed25519',
  fingerprint: `SHA256:${id}`,
  randomart: '',
  public_key: null,
  status: 'pending',
  origin: 'seen',
  certificate: null,
  first_seen_at: null,
  last_seen_at: null,
  accepted_by: null,
  accepted_at: null,
  revoked_by: null,
  revoked_at: null,
  created_at: '2026-01-31T12:00:00.000Z',
  ...over,
});
const at = (minute: number) => ({ last_seen_at: `2026-01-31T12:${String(minute).padStart(2, '0')}:00.000Z` });

describe('conflictOf', () => {
  it('lays the key that was shown last beside the trusted one of its type', () => {
    const keys = [
      key('old', { status: 'revoked', ...at(1) }),
      key('rsa', { status: 'accepted', algorithm: 'ssh-rsa', ...at(9) }),
      key('known', { status: 'accepted', ...at(2) }),
      key('offered', at(5)),
    ];
    expect(conflictOf(keys)).toMatchObject({ offered: { id: 'offered' }, known: { id: 'known' } });
  });

  it('takes what there is: a pinned key that was never seen, one of another type, or none', () => {
    expect(conflictOf([key('pinned', { status: 'accepted' }), key('offered', at(1))])?.known?.id).toBe(
      'pinned',
    );
    const other = key('rsa', { status: 'certified', algorithm: 'ssh-rsa' });
    expect(conflictOf([other, key('offered', at(1))])?.known?.id).toBe('rsa');
    expect(conflictOf([key('refused', { status: 'revoked', ...at(1) })])).toMatchObject({
      offered: { id: 'refused' },
      known: undefined,
    });
    expect(conflictOf([key('pinned', { status: 'accepted' })])).toBeNull();
  });
});
