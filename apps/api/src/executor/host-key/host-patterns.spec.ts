import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { concernsHost, hostNames, hostsFlaw, matchesPattern, matchHosts } from './host-patterns.js';
import { Keygen } from './keygen.fixture.js';

const keygen = new Keygen();
afterAll(() => keygen.remove());

/** The definition word by word. */
function reference(text: string, pattern: string): boolean {
  if (pattern === '') return text === '';
  const [first, ...rest] = [...pattern];
  if (first === '*')
    return reference(text, rest.join('')) || (text !== '' && reference(text.slice(1), pattern));
  return text !== '' && (first === '?' || first === text[0]) && reference(text.slice(1), rest.join(''));
}

const letters = (...units: string[]) =>
  fc.array(fc.constantFrom(...units), { maxLength: 8 }).map((parts) => parts.join(''));

describe('matchesPattern', () => {
  it('agrees with the plain definition', () => {
    fc.assert(
      fc.property(letters('a', 'b', '.'), letters('a', 'b', '.', '*', '?'), (text, pattern) => {
        expect(matchesPattern(text, pattern)).toBe(reference(text, pattern));
      }),
      { numRuns: 2000 },
    );
  });

  it('does not take forever over a pattern that was made to', () => {
    expect(matchesPattern('a'.repeat(2000), `${'*a'.repeat(300)}b`)).toBe(false);
  });
});

describe('matchHosts', () => {
  const names = [
    'web-1.example',
    'web-2.example',
    'db.example',
    '10.0.0.7',
    '[web-1.example]:2222',
    '[10.0.0.7]:2222',
  ];

  it('finds what ssh-keygen -F finds, plain, with wildcards, negated and by port', () => {
    const key = keygen.key('plain');
    const pieces = fc.constantFrom(
      ...['web-1.example', '*.example', 'web-?.example', '!web-2.example', '!*.example', '10.0.0.7'],
      ...['10.0.0.*', '[web-1.example]:2222', '[*.example]:2222', '*', '!*', 'WEB-1.Example', '[*]:*'],
    );
    const lines = fc.array(pieces, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(','));
    fc.assert(
      fc.property(lines, fc.constantFrom(...names), (hosts, name) => {
        keygen.write('known_hosts', `${hosts} ${key}\n`);
        const found = keygen.tryRun('-F', name, '-f', 'known_hosts') !== '';
        expect(matchHosts(hosts, name) === 'match', `${hosts} for ${name}`).toBe(found);
      }),
      { numRuns: 120 },
    );
  });

  it('finds the names that ssh-keygen -H has hashed, and no others', () => {
    const key = keygen.key('hashed');
    keygen.write('known_hosts', names.map((name) => `${name} ${key}\n`).join(''));
    keygen.run('-H', '-f', 'known_hosts');
    const lines = keygen.read('known_hosts').split('\n');
    expect(lines).toHaveLength(names.length);
    for (const [index, line] of lines.entries()) {
      const hosts = line.split(' ')[0] ?? '';
      expect(hosts).toMatch(/^\|1\|/);
      expect(hostsFlaw(hosts)).toBeNull();
      for (const [other, name] of names.entries()) {
        expect(matchHosts(hosts, name)).toBe(other === index ? 'match' : 'none');
      }
    }
  });
});

describe('hostNames', () => {
  it('are those under which ssh looks: with the port unless it is 22, then without', () => {
    expect(hostNames({ host: 'Web-1.Example', port: 22 })).toEqual(['web-1.example']);
    expect(hostNames({ host: '10.0.0.7', port: 2222 })).toEqual(['[10.0.0.7]:2222', '10.0.0.7']);
  });
});

describe('concernsHost', () => {
  const names = hostNames({ host: 'web-1', port: 2222 });
  it.each([
    ['*', true, true],
    ['web-1', true, true],
    ['[web-1]:2222', true, true],
    ['[web-1]:22', false, false],
    // Excluded by one of its names: in doubt no trust, and the ban holds.
    ['*,![web-1]:2222', false, true],
    ['*,!web-1', false, true],
    ['*,!*', false, false],
  ] as const)('%s: trust %s, ban %s', (hosts, trust, ban) => {
    expect(concernsHost(hosts, names, 'trust')).toBe(trust);
    expect(concernsHost(hosts, names, 'ban')).toBe(ban);
  });
});

describe('hostsFlaw', () => {
  it.each([
    ['|1|abc', 'not of the form'],
    ['|2|YWJj|YWJj', 'not of the form'],
    ['|1|YWJj|YWJj', 'not 20 bytes'],
    ['a,,b', 'empty'],
    ['!', 'empty'],
    ['!a,!b', 'names none'],
  ])('says what is wrong with %s', (hosts, flaw) => {
    expect(hostsFlaw(hosts)).toContain(flaw);
  });
});
