import { createTestDatabase, type TestDatabase } from '@aiops/testing';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrayLiteral } from './array-literal.js';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase({ key: 'empty', prepare: () => Promise.resolve() });
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function readAs(type: string, values: (string | number | boolean | null)[]): Promise<unknown> {
  const { rows } = await client.query<{ read: unknown }>(`SELECT $1::${type}[] AS read`, [
    arrayLiteral(values),
  ]);
  return rows[0]?.read;
}

/** What PostgreSQL can store, which knows no NUL. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\\', '"', '\n', '\t', '\u0001', ',', '{', '}', 'n', 'u', '€', '😀') }),
    fc.constantFrom('null', 'NULL', '', ' ', '\\n', '\\\\n', '\u007f', '\u2028'),
  )
  .map((value) => value.replaceAll('\0', ''));

describe('an array as PostgreSQL reads it', () => {
  it('brings any texts over as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { maxLength: 8 }), async (values) => {
        expect(await readAs('text', values)).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  it('brings any JSON over as it is', async () => {
    const json = fc.json().map((value) => value.replaceAll('\\u0000', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(json, { maxLength: 4 }), async (values) => {
        const read = await readAs('json', values);
        expect(read).toEqual(values.map((value) => JSON.parse(value) as unknown));
      }),
      { numRuns: 100 },
    );
  });

  it('brings numbers, truth and times over', async () => {
    expect(await readAs('integer', [1, -2, null])).toEqual([1, -2, null]);
    expect(await readAs('boolean', [true, false, null])).toEqual([true, false, null]);
    const time = '2026-01-31T12:00:00.123Z';
    expect(await readAs('timestamptz', [time, null])).toEqual([new Date(time), null]);
  });
});
