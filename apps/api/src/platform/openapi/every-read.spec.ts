import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KnownSessions } from '../../auth/session/known-sessions.js';
import { Keyring } from '../../auth/signing-key/keyring.js';
import { filledList, oneResource, type Page, type ReadRoute, readRoutes } from '../../testing/api-walk.js';
import { makeThreeOfEverything } from '../../testing/every-resource.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

/** Their items are in memory: what nobody asked for can be trimmed, and there is nothing to read. */
const inMemory = new Set([
  '/runbook-templates',
  '/breakers',
  '/signing-keys',
  '/auth/sessions',
  '/audit-log/verification',
]);

let engine: TestEngine;
let routes: ReadRoute[];
const statements: string[] = [];

beforeAll(async () => {
  // Without workers: nothing but what a request asks reaches the database.
  engine = await startTestEngine({ AIOPS_ROLE: 'api' });
  await makeThreeOfEverything(engine);
  routes = await readRoutes(engine);
  watchSql(engine.app.get(DataSource));
});
afterAll(() => engine.stop());

function watchSql(database: DataSource): void {
  const silent = () => undefined;
  database.logger = {
    logQuery: (query) => void statements.push(query),
    logQueryError: silent,
    logQuerySlow: silent,
    logSchemaBuild: silent,
    logMigration: silent,
    log: silent,
  };
}

/** Columns that the statements of one request select, those of the sign-in left out. */
async function selectedBy(address: string): Promise<{ body: unknown; columns: Set<string> }> {
  statements.length = 0;
  const { status, body } = await engine.api('GET', address);
  expect([address, status, body]).toEqual([address, 200, expect.anything()]);
  const selects = statements.filter((sql) => !signIn.has(sql)).map(selectListOf);
  return { body, columns: new Set(selects.flatMap(columnsOf)) };
}
let signIn = new Set<string>();
beforeAll(async () => {
  statements.length = 0;
  // What is remembered of callers for some seconds is read now and then.
  engine.app.get(Keyring, { strict: false }).invalidate();
  engine.app.get(KnownSessions, { strict: false }).forgetAll();
  await engine.api('GET', '/runbook-templates?fields=name');
  signIn = new Set(statements);
});

const selectListOf = (sql: string): string => /^\s*SELECT\b(.*?)\bFROM\b/is.exec(sql)?.[1] ?? '';
/** `"alert"."labels" AS "alert_labels"` is `labels`; what the keyset adds is a cast and not among them. */
const columnsOf = (list: string): string[] =>
  [...list.replaceAll(/CAST\([^)]*\)|count\(\*\)/g, '').matchAll(/"\w+"\."(\w+)"|(?<![\w."])(\*)/g)].map(
    ([, column = '*']) => column,
  );

const addressOf = ({ path, isList }: ReadRoute): Promise<string> =>
  isList ? filledList(engine, path) : oneResource(engine, path);
const first = (body: unknown, isList: boolean): object =>
  (isList ? (body as Page).data[0] : (body as object)) ?? {};

describe('every read of the API', () => {
  it('is known to this test', () => {
    expect(routes.length).toBeGreaterThan(35);
    expect(routes.filter(({ fields }) => fields.length === 0)).toEqual([]);
    expect(routes.filter(({ parameters }) => !parameters.includes('fields')).map(({ path }) => path)).toEqual(
      [],
    );
  });

  it('answers only the fields that were asked for', async () => {
    for (const route of routes) {
      const address = await addressOf(route);
      for (const wanted of [route.fields.slice(0, 1), route.fields.slice(1, 4)]) {
        const { body } = await engine.api('GET', `${address}?fields=${wanted.join(',')}`);
        expect([address, Object.keys(first(body, route.isList)).sort()]).toEqual([address, wanted.sort()]);
      }
      const { body } = await engine.api('GET', address);
      expect([address, Object.keys(first(body, route.isList)).sort()]).toEqual([
        address,
        [...route.fields].sort(),
      ]);
    }
  });

  it('refuses a field that does not exist, and says which and what there is', async () => {
    for (const route of routes) {
      const address = await addressOf(route);
      const known = route.fields[0] ?? '';
      const { status, body } = await engine.api<{ errors: { field: string; message: string }[] }>(
        'GET',
        `${address}?fields=${known},colour`,
      );
      expect([address, status]).toEqual([address, 400]);
      const [error, ...more] = body.errors;
      expect([address, error?.field, more]).toEqual([address, 'fields', []]);
      expect([address, error?.message]).toEqual([address, expect.stringContaining('"colour"')]);
      expect([address, error?.message]).toEqual([address, expect.stringContaining(known)]);
    }
  });

  it('selects no column but those of the fields that were asked for', async () => {
    for (const route of routes.filter(({ path }) => !inMemory.has(path))) {
      const address = await addressOf(route);
      const all = (await selectedBy(address)).columns;
      const key = route.fields[0] ?? '';
      const id = (await selectedBy(`${address}?fields=${key}`)).columns;
      expect([address, [...id].filter((column) => column !== 'id' && column !== key)]).toEqual([address, []]);
      const seen = new Set<string>();
      for (const field of route.fields) {
        const { columns } = await selectedBy(`${address}?fields=${field}`);
        expect([address, field, [...columns].filter((column) => !all.has(column))]).toEqual([
          address,
          field,
          [],
        ]);
        expect([address, field, columns.size < all.size]).toEqual([address, field, true]);
        for (const column of columns) seen.add(column);
      }
      // What no field is made from, such as a sealed secret, is not read for the whole either.
      expect([address, [...all].filter((column) => !seen.has(column))]).toEqual([address, []]);
    }
  });
});
