import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { presentedCredential } from './presented-credential.js';

const key = 'aiops_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const request = (authorization?: string, query: unknown = {}) => ({ headers: { authorization }, query });

describe('presentedCredential', () => {
  it('tells API keys from access tokens by their prefix', () => {
    expect(presentedCredential(request(`Bearer ${key}`), false)).toEqual({ kind: 'api_key', key });
    expect(presentedCredential(request('bearer eyJh.eyJz.sig'), false)).toEqual({
      kind: 'token',
      token: 'eyJh.eyJz.sig',
    });
  });

  it('reads basic passwords and ?key= for senders alone', () => {
    for (const form of [request(basic('alertmanager', key)), request(undefined, { key })]) {
      expect(presentedCredential(form, true)).toEqual({ kind: 'api_key', key });
      expect(presentedCredential(form, false)).toEqual({ kind: 'none' });
    }
  });

  it('takes any user name, none included, with a basic password', () => {
    fc.assert(
      fc.property(
        fc.string().filter((name) => !name.includes(':')),
        (name) => {
          expect(presentedCredential(request(basic(name, key)), true)).toEqual({ kind: 'api_key', key });
        },
      ),
    );
  });

  it('finds nothing in a header or query that is neither, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.anything(), (authorization, query) => {
        const found = presentedCredential(request(authorization, query), true);
        expect(['none', 'token', 'api_key']).toContain(found.kind);
      }),
    );
    for (const broken of ['Bearer', 'Bearer ', 'Basic %%%', 'Basic bm9jb2xvbg==', 'Digest x', '']) {
      expect(presentedCredential(request(broken), true)).toEqual({ kind: 'none' });
    }
    expect(presentedCredential(request(undefined, { key: ['a', 'b'] }), true)).toEqual({ kind: 'none' });
  });
});
