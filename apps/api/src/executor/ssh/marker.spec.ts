import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkerFilter } from './marker.js';

const nonce = 'aiops-0123456789abcdef';
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

/** Cuts a buffer into chunks, whatever the sizes say. */
function cut(whole: Buffer, sizes: number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(whole.subarray(at, at + size));
    at += size;
  }
  return [...chunks, whole.subarray(at)];
}
function filter(whole: Buffer, sizes: number[]): { out: Buffer; group: Promise<number | undefined> } {
  const marker = new MarkerFilter(nonce);
  const out = Buffer.concat([...cut(whole, sizes).map((chunk) => marker.push(chunk)), marker.end()]);
  return { out, group: marker.group };
}
const sizes = fc.array(fc.nat(40), { maxLength: 20 });

describe('MarkerFilter', () => {
  it('finds the group and passes on exactly what follows, however the output is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        bytes,
        bytes,
        sizes,
        fc.integer({ min: 2, max: 4194304 }),
        async (noise, output, at, pid) => {
          const whole = Buffer.concat([noise, Buffer.from(`${nonce} ${pid}\n`), output]);
          const { out, group } = filter(whole, at);
          expect(out.equals(output)).toBe(true);
          expect(await group).toBe(pid);
        },
      ),
    );
  });

  it('leaves what looks like another marker later in the output', async () => {
    const later = `text\n${nonce} 1234\nmore`;
    const { out, group } = filter(Buffer.from(`${nonce} 77\n${later}`), [5, 3]);
    expect(out.toString()).toBe(later);
    expect(await group).toBe(77);
  });

  it('gives everything back when no marker comes', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, sizes, async (output, at) => {
        const { out, group } = filter(output, at);
        expect(out.equals(output)).toBe(true);
        expect(await group).toBeUndefined();
      }),
    );
  });

  it.each(['0', '1', '-5', 'x', ''])('takes "%s" for no group that could be ended', async (group) => {
    expect(await filter(Buffer.from(`${nonce} ${group}\n`), []).group).toBeUndefined();
  });
});
