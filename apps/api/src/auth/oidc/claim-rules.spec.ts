import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usernameSchema } from '@aiops/contracts';
import { claimedTexts, displayNameOf, mappedRole, usernamesFor } from './claim-rules.js';
import { returnPath } from './return-path.js';

describe('the role claim', () => {
  it('is a text, a list of texts, or lies inside of another claim', () => {
    expect(claimedTexts({ roles: 'sre' }, 'roles')).toEqual(['sre']);
    expect(claimedTexts({ roles: ['a', 7, 'b', null] }, 'roles')).toEqual(['a', 'b']);
    expect(claimedTexts({ realm_access: { roles: ['sre'] } }, 'realm_access.roles')).toEqual(['sre']);
    expect(claimedTexts({ 'https://a.example/roles': ['sre'] }, 'https://a.example/roles')).toEqual(['sre']);
  });

  it('is empty when it is missing or something else, whatever it is called', () => {
    expect(claimedTexts({}, 'roles')).toEqual([]);
    expect(claimedTexts({ roles: { admin: true } }, 'roles')).toEqual([]);
    expect(claimedTexts({ roles: 'x' }, 'constructor.name')).toEqual([]);
    expect(claimedTexts({ roles: null }, 'roles.length')).toEqual([]);
  });

  it('gives the role that may do most, whatever the order, and none for what is not mapped', () => {
    const map = [
      { claimed: 'everyone', role: 'viewer' as const },
      { claimed: 'leads', role: 'admin' as const },
      { claimed: 'sre', role: 'engineer' as const },
    ];
    expect(mappedRole(['sre', 'everyone', 'leads'], map)).toBe('admin');
    expect(mappedRole(['everyone', 'sre'], map)).toBe('engineer');
    expect(mappedRole(['Leads', 'admin'], map)).toBeNull();
    expect(mappedRole([], map)).toBeNull();
  });
});

describe('names for a person', () => {
  it('are always names that a user may have, and the last one depends on issuer and subject alone', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.string(), (preferred_username, email, subject) => {
        const names = usernamesFor({ preferred_username, email }, 'https://id.example', subject);
        for (const name of names) expect(usernameSchema.safeParse(name).success).toBe(true);
        expect(names.at(-1)).toBe(usernamesFor({}, 'https://id.example', subject).at(-1));
      }),
    );
  });

  it('in full are that of the provider, or made of its parts', () => {
    expect(displayNameOf({ name: ' Anna Example ' })).toBe('Anna Example');
    expect(displayNameOf({ given_name: 'Anna', family_name: 'Example' })).toBe('Anna Example');
    expect(displayNameOf({ name: '\0' })).toBeNull();
    expect(displayNameOf({})).toBeNull();
  });
});

describe('the page to go on at', () => {
  it('is a page of the app as it was asked for', () => {
    expect(returnPath('/alerts?status=firing')).toBe('/alerts?status=firing');
    expect(returnPath(undefined)).toBe('/');
  });

  it('never is on another site, however it is written', () => {
    const hostile = [
      '//evil.example',
      '/\\evil.example',
      '/.//evil.example',
      'https://evil.example',
      '/\t/evil.example',
    ];
    const pieces = fc.array(
      fc.constantFrom('/', '\\', '.', '\t', '\n', '@', ':', 'evil.example', '?', '#', '%2f'),
    );
    for (const one of hostile)
      expect(new URL(returnPath(one), 'https://app.example').origin).toBe('https://app.example');
    fc.assert(
      fc.property(pieces, (parts) => {
        expect(new URL(returnPath(`/${parts.join('')}`), 'https://app.example').origin).toBe(
          'https://app.example',
        );
      }),
    );
  });
});
