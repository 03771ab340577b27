import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../config/config.js';
import { isAllowed, parseAllowed } from './allowed.js';
import { outboundPolicy, refusalOf, refusalText } from './outbound-policy.js';

const allows = (text: string, host: string, port: number, address: string): boolean => {
  const entry = parseAllowed(text);
  if (entry === null) throw new Error(`${text} is no entry`);
  return isAllowed([entry], { host, port }, address);
};

describe('an entry of OUTBOUND_ALLOWED', () => {
  it.each([
    ['127.0.0.1', 'localhost', 80, '127.0.0.1', true],
    ['127.0.0.1', 'localhost', 80, '127.0.0.2', false],
    ['127.0.0.1', 'x', 80, '::ffff:127.0.0.1', true],
    ['127.0.0.1:11434', 'x', 11434, '127.0.0.1', true],
    ['127.0.0.1:11434', 'x', 11435, '127.0.0.1', false],
    ['10.0.0.0/8:443', 'x', 443, '10.9.8.7', true],
    ['10.0.0.0/8:443', 'x', 80, '10.9.8.7', false],
    ['10.0.0.0/8', 'x', 80, '::1', false],
    ['::1', 'x', 80, '::1', true],
    ['[::1]:8080', '::1', 8080, '::1', true],
    ['[::1]:8080', '::1', 80, '::1', false],
    ['[fd00::/8]:443', 'x', 443, 'fd12::1', true],
    ['fd00::/8', 'x', 443, 'fe80::1%eth0', false],
    ['fe80::/10', 'x', 443, 'fe80::1%eth0', true],
    ['::/0', 'x', 443, '127.0.0.1', false],
    ['Hooks.Internal:443', 'hooks.internal.', 443, '169.254.169.254', true],
    ['hooks.internal', 'evil.hooks.internal', 443, '127.0.0.1', false],
    ['hooks.internal', 'hooks.internal.evil.example', 443, '127.0.0.1', false],
    ['hooks.internal:443', 'hooks.internal', 80, '127.0.0.1', false],
  ])('%s allows %s:%i at %s: %s', (text, host, port, address, expected) => {
    expect(allows(text, host, port, address)).toBe(expected);
  });

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fd00::/129',
    '::ffff:127.0.0.0/104',
    'fe80::1%eth0',
    '[10.0.0.1]',
    '[::1',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    'host:0',
    'host:65536',
    'host:http',
    'http://host',
    'host/path',
    '*.example.com',
    '-host',
    'a..b',
  ])('is not %j', (text) => {
    expect(parseAllowed(text)).toBeNull();
  });

  it('never throws, whatever is written', () => {
    const piece = fc.constantFrom('1', '0', '.', ':', '/', '[', ']', '::', '%', '255', 'ffff', 'a', '-');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          const entry = parseAllowed(text);
          if (entry !== null) isAllowed([entry], { host: 'x', port: 1 }, '127.0.0.1');
        },
      ),
    );
  });
});

const policyOf = (env: Record<string, string>) => outboundPolicy(readSettings({ APP_ENV: 'test', ...env }));
const refused = (env: Record<string, string>, address: string) =>
  refusalOf(policyOf(env), { host: 'x', port: 80 }, address);

describe('what may be called', () => {
  it('is everything public and private, and nothing else, unless it is said', () => {
    const found = [
      '8.8.8.8',
      '10.0.0.1',
      '127.0.0.1',
      '169.254.169.254',
      '0.0.0.0',
      '224.0.0.1',
      '240.0.0.1',
    ];
    expect(found.map((address) => refused({}, address))).toEqual([
      null,
      null,
      'loopback',
      'metadata',
      'unspecified',
      'multicast',
      'reserved',
    ]);
  });

  it('is this machine too in development, unless something else is said', () => {
    expect(refused({ APP_ENV: 'development' }, '127.0.0.1')).toBeNull();
    expect(refused({ APP_ENV: 'development' }, '::1')).toBeNull();
    expect(refused({ APP_ENV: 'development' }, '169.254.169.254')).toBe('metadata');
    expect(refused({ APP_ENV: 'development', OUTBOUND_ALLOWED: 'none' }, '127.0.0.1')).toBe('loopback');
    expect(refused({ APP_ENV: 'development', OUTBOUND_ALLOWED: '10.0.0.1' }, '127.0.0.1')).toBe('loopback');
  });

  it('is no private network when those are refused, except for what is listed', () => {
    const env = { OUTBOUND_PRIVATE_NETWORKS: 'refuse', OUTBOUND_ALLOWED: '10.1.0.0/16' };
    expect(['10.1.2.3', '10.2.2.3', 'fd00::1', '8.8.8.8'].map((address) => refused(env, address))).toEqual([
      null,
      'private',
      'private',
      null,
    ]);
  });

  it('is told to whoever is refused, as what to write into the settings', () => {
    const text = refusalText({ host: '::1', port: 80 }, 'loopback');
    expect(text).toContain('add [::1]:80 to the setting OUTBOUND_ALLOWED.');
    expect(refusalText({ host: 'db.internal', port: 5 }, 'private')).toContain('OUTBOUND_PRIVATE_NETWORKS');
    expect(parseAllowed('[::1]:80')).not.toBeNull();
  });

  it('is checked with the other settings', () => {
    const wrong = { APP_ENV: 'test', OUTBOUND_ALLOWED: '10.0.0.0/8, http://x, 0x7f.1', PORT: 'x' };
    expect(() => readSettings(wrong)).toThrow(/OUTBOUND_ALLOWED: "http:\/\/x" is no address[\s\S]*"0x7f.1"/);
  });
});
