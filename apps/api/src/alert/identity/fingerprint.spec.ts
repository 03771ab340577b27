import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fingerprintOf } from './fingerprint.js';

/** The definition word by word, on BigInt and bytes: slow and plainly right. */
function reference(labels: Record<string, string>): string {
  let hash = 0xcbf29ce484222325n;
  const add = (bytes: Uint8Array) => {
    for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  };
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    if (labels[name] === '') continue;
    add(Buffer.from(name));
    add(Uint8Array.of(0xff));
    add(Buffer.from(labels[name] ?? ''));
    add(Uint8Array.of(0xff));
  }
  return hash.toString(16).padStart(16, '0');
}

describe('fingerprintOf', () => {
  it.each([
    [{ alertname: 'HighCPU' }, 'b5160f6bd9249a48'],
    [{ alertname: 'HighCPU', instance: 'web-1:9100', severity: 'critical', job: 'node' }, 'ab906f89a7cb9bdc'],
    [{ alertname: 'Größe', z: 'ü漢字🔥', a: '' }, '5635c5da48fb9261'],
    [{ alertname: 'x', b: '1', a: '2', _c: '3', Z: '4' }, '56ac6028786f0db3'],
  ])('gives what Alertmanager gives for %j', (labels, fingerprint) => {
    expect(fingerprintOf(labels)).toBe(fingerprint);
  });

  it('agrees with the plain definition for any labels', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.dictionary(text, text, { noNullPrototype: true }), (labels) => {
        expect(fingerprintOf(labels)).toBe(reference(labels));
      }),
    );
  });

  it('sorts names by their bytes, also where UTF-16 sorts otherwise', () => {
    const labels = { '\u{ffff}': '1', '\u{1f525}': '2' };
    expect(fingerprintOf(labels)).toBe(reference(labels));
  });

  it('does not depend on the order in which labels come', () => {
    expect(fingerprintOf({ b: '2', a: '1' })).toBe(fingerprintOf({ a: '1', b: '2' }));
  });
});
