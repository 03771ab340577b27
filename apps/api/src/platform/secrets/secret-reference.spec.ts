import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatReference, isAllowed, parseReference, type SecretReference } from './secret-reference.js';

function reference(text: string): SecretReference {
  const parsed = parseReference(text);
  if (parsed === null || 'problem' in parsed) throw new Error(`${text} is no reference`);
  return parsed;
}

describe('parseReference', () => {
  it.each([
    ['env:DB_PASSWORD', { scheme: 'env', name: 'DB_PASSWORD' }],
    ['vault:secret/data/aiops#jwt', { scheme: 'vault', path: 'secret/data/aiops', key: 'jwt' }],
    ['vault:team/kv/data/a/b#x.y', { scheme: 'vault', path: 'team/kv/data/a/b', key: 'x.y' }],
    ['aws:prod/aiops#jwt', { scheme: 'aws', id: 'prod/aiops', key: 'jwt' }],
    ['aws:prod/aiops', { scheme: 'aws', id: 'prod/aiops', key: undefined }],
    [
      'aws:arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/aiops-AbCdEf#jwt',
      {
        scheme: 'aws',
        id: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/aiops-AbCdEf',
        key: 'jwt',
      },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
    expect(formatReference(reference(text))).toBe(text);
  });

  it.each([
    'hunter2',
    '',
    'vault',
    'postgres://u:p@h/d',
    'k1:secret',
    'env: A',
    'vault:a b#c',
    '-----BEGIN\nvault:x',
  ])('takes a value for what it is: %j', (text) => expect(parseReference(text)).toBeNull());

  it.each([
    'env:1A',
    'env:A-B',
    'vault:secret/data/aiops',
    'vault:secret/aiops#jwt',
    'vault:data#jwt',
    'vault:secret/data/../sys#jwt',
    'vault:secret/data//x#jwt',
    'vault:secret/data/%2e%2e/x#jwt',
    'vault:secret/data/x?version=1#jwt',
    'vault:secret/data/x#a#b',
    'aws:a*b',
    'aws:name#',
  ])('says what a broken one should be: %s', (text) => {
    expect(parseReference(text)).toEqual({ problem: expect.stringMatching(/^must be /) as string });
  });

  it('never lets a path climb, whatever it is made of', () => {
    const part = fc.constantFrom('..', '.', 'data', 'secret', '/', '%2e', 'a', '#', '\\');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const parsed = parseReference(`vault:${parts.join('/')}#k`);
        if (parsed === null || 'problem' in parsed || parsed.scheme !== 'vault') return;
        const url = new URL(`http://vault/v1/${parsed.path.split('/').map(encodeURIComponent).join('/')}`);
        expect(url.pathname).toBe(`/v1/${parsed.path}`);
      }),
    );
  });
});

describe('isAllowed', () => {
  it.each([
    ['vault:secret/data/hosts/a#pw', true],
    ['vault:secret/data/hosts#pw', false],
    ['vault:secret/data/hosts-admin/a#pw', false],
    ['vault:secret/data/aiops#jwt', false],
    ['env:HOST_PASSWORD', true],
    ['env:HOST_PASSWORD_2', false],
    ['aws:prod/db#pw', true],
    ['aws:prod/db2', false],
    ['aws:arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf', false],
  ])('%s: %s', (text, expected) => {
    const entries = ['vault:secret/data/hosts/*', 'env:HOST_PASSWORD', 'aws:prod/db'];
    expect(isAllowed(reference(text), entries)).toBe(expected);
    expect(isAllowed(reference(text), [])).toBe(false);
  });
});
