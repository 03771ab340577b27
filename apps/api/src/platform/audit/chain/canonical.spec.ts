import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalForm, GENESIS, hashedFields, hashOf, type ChainedEntry } from './canonical.js';
import { ChainCheck, parseAnchor, type ChainFault } from './chain-check.js';

const text = fc.string({ unit: 'grapheme' });
const maybe = fc.option(text, { nil: null });
const entries: fc.Arbitrary<ChainedEntry> = fc.record({
  position: text,
  previous_hash: text,
  hash: fc.constant(''),
  id: text,
  occurred_at: text,
  action: text,
  outcome: text,
  actor_kind: text,
  actor_id: maybe,
  actor_name: text,
  subject_kind: text,
  subject_id: maybe,
  subject_name: maybe,
  reason: maybe,
  before: maybe,
  after: maybe,
  remote_address: maybe,
  user_agent: maybe,
  trace_id: maybe,
});

/** Reads the form back, as another program would. */
function parse(form: string): ChainedEntry {
  let rest = Buffer.from(form);
  const take = (bytes: number): string => {
    const taken = rest.subarray(0, bytes).toString();
    rest = rest.subarray(bytes);
    return taken;
  };
  expect(take('aiops-audit-1\n'.length)).toBe('aiops-audit-1\n');
  const values = hashedFields.map((name) => {
    expect(take(name.length + 1)).toBe(`${name}=`);
    if (rest.subarray(0, 2).toString() === '-\n') {
      take(2);
      return [name, null];
    }
    const length = take(rest.indexOf(':'));
    take(1);
    const value = take(Number(length));
    expect(take(1)).toBe('\n');
    return [name, value];
  });
  expect(rest).toHaveLength(0);
  return { ...(Object.fromEntries(values) as ChainedEntry), hash: '' };
}

describe('the canonical form of an entry', () => {
  it('can be read back, so that no two entries have the same', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expect(parse(canonicalForm(entry))).toEqual(entry);
      }),
    );
  });

  it('stays as it is: a log that is there could not be verified any more', () => {
    const entry: ChainedEntry = {
      position: '1',
      previous_hash: GENESIS,
      hash: '',
      id: '01981a2b-3c4d-7e5f-8a6b-7c8d9e0f1a2b',
      occurred_at: '2026-01-31T12:00:00.123000Z',
      action: 'target.updated',
      outcome: 'succeeded',
      actor_kind: 'user',
      actor_id: '01981a2b-0000-7000-8000-000000000001',
      actor_name: 'Zoë',
      subject_kind: 'target',
      subject_id: null,
      subject_name: '',
      reason: 'moved\nto the new rack',
      before: '{"port":22}',
      after: '{"port":2222}',
      remote_address: '192.0.2.7',
      user_agent: null,
      trace_id: null,
    };
    expect(canonicalForm(entry)).toContain(
      '\nactor_name=4:Zoë\nsubject_kind=6:target\nsubject_id=-\nsubject_name=0:\n',
    );
    expect(hashOf(entry)).toMatchInlineSnapshot(
      `"853a39bafe381584d17012260218979cb5ea6fe8724361131b0fa4cfcfa2708b"`,
    );
  });
});

describe('going along the chain', () => {
  const chain = (count: number): ChainedEntry[] => {
    const [sample] = fc.sample(entries, { numRuns: 1, seed: 7 });
    if (sample === undefined) throw new Error('no sample');
    const made: ChainedEntry[] = [];
    for (let position = 1; position <= count; position += 1) {
      const entry = { ...sample, position: String(position), previous_hash: made.at(-1)?.hash ?? GENESIS };
      made.push({ ...entry, hash: hashOf(entry) });
    }
    return made;
  };
  const headOf = (list: ChainedEntry[]) => ({ position: list.length, hash: list.at(-1)?.hash ?? GENESIS });
  function faultIn(list: ChainedEntry[], head = headOf(list), anchor = headOf([])): ChainFault | null {
    const check = new ChainCheck(anchor.position === 0 ? null : anchor);
    for (const entry of list) {
      const fault = check.next(entry);
      if (fault !== null) return fault;
    }
    return check.end(head);
  }

  it('finds nothing wrong with a whole one, or an empty one', () => {
    expect(faultIn(chain(5))).toBeNull();
    expect(faultIn([])).toBeNull();
  });

  it('finds any single value that was changed, any entry that was removed, swapped or added', () => {
    const whole = chain(6);
    const head = headOf(whole);
    const places = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(places, fc.constantFrom(...hashedFields), text, (place, field, value) => {
        const changed = whole.map((entry, index) => (index === place ? { ...entry, [field]: value } : entry));
        fc.pre(changed[place]?.[field] !== whole[place]?.[field]);
        expect(faultIn(changed, head)).not.toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.subarray(whole, { maxLength: 5 }), (left) => {
        expect(faultIn(left, head)).not.toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(whole, { minLength: 6 }), (shuffled) => {
        fc.pre(shuffled.some((entry, index) => entry !== whole[index]));
        expect(faultIn(shuffled, head)).not.toBeNull();
      }),
    );
    expect(faultIn([...whole, ...chain(7).slice(6)], head)?.message).toContain('does not name its newest');
  });

  it('finds a log that was written anew as a whole, by a point that was kept', () => {
    const whole = chain(6);
    const kept = { position: 4, hash: whole[3]?.hash ?? '' };
    expect(faultIn(whole, headOf(whole), kept)).toBeNull();
    expect(faultIn(chain(3), headOf(chain(3)), kept)).toEqual({
      position: 4,
      message: 'Entry 4 is missing.',
    });
    const other = { ...kept, hash: 'f'.repeat(64) };
    expect(faultIn(whole, headOf(whole), other)).toMatchObject({ position: 4 });
  });

  it('reads a point as it was printed and nothing else', () => {
    const hash = 'aB'.repeat(32);
    expect(parseAnchor(` 12:${hash}\n`)).toEqual({ position: 12, hash: hash.toLowerCase() });
    for (const odd of ['', '12', `0:${hash}`, `-1:${hash}`, `1:${hash}0`, hash])
      expect(parseAnchor(odd)).toBeNull();
  });
});
