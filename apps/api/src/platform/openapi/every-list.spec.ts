import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filledList, type Page, readRoutes } from '../../testing/api-walk.js';
import { makeThreeOfEverything } from '../../testing/every-resource.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

let engine: TestEngine;
/** Addresses of all lists, each with entries enough for several pages. */
let lists: string[];

beforeAll(async () => {
  engine = await startTestEngine({ AIOPS_ROLE: 'api' });
  await makeThreeOfEverything(engine);
  const routes = (await readRoutes(engine)).filter(({ isList }) => isList);
  lists = await Promise.all(routes.map(({ path }) => filledList(engine, path)));
});
afterAll(() => engine.stop());

async function page(address: string): Promise<Page> {
  const { status, body } = await engine.api<Page>('GET', address);
  expect([address, status, body]).toEqual([address, 200, expect.anything()]);
  return body;
}

/** What a list answers to a request that it must refuse: which parameter is wrong, and why. */
async function refusal(address: string): Promise<{ field: string; message: string }> {
  const { status, body } = await engine.api<{ errors: { field: string; message: string }[] }>('GET', address);
  expect([address, status, body]).toEqual([address, 400, expect.anything()]);
  const [error, ...more] = body.errors;
  expect([address, more]).toEqual([address, []]);
  return error ?? { field: '', message: '' };
}

const query = (parameters: Record<string, string>): string => new URLSearchParams(parameters).toString();

/** Every entry of a list, read page by page. */
async function byCursor(list: string, sort: Record<string, string>): Promise<unknown[]> {
  const entries: unknown[] = [];
  let cursor: string | null = null;
  do {
    const at: Record<string, string> = cursor === null ? {} : { cursor };
    const { data, pagination }: Page = await page(`${list}?${query({ limit: '1', ...sort, ...at })}`);
    expect([list, data.length, pagination.has_more]).toEqual([list, 1, pagination.next_cursor !== null]);
    entries.push(...data);
    cursor = pagination.next_cursor;
  } while (cursor !== null);
  return entries;
}

async function byNumber(list: string, pages: number): Promise<unknown[]> {
  const entries: unknown[] = [];
  for (let number = 1; number <= pages; number += 1) {
    entries.push(...(await page(`${list}?${query({ page: String(number), page_size: '1' })}`)).data);
  }
  return entries;
}

/** What a list says that it can be sorted by, when it is asked for something else. */
async function sortable(list: string): Promise<string[]> {
  const { field, message } = await refusal(`${list}?sort=colour`);
  expect([list, field, message]).toEqual([list, 'sort', expect.stringContaining('"colour"')]);
  return /Known: (.+)$/.exec(message)?.[1]?.split(', ') ?? [];
}

async function firstCursor(list: string, sort: Record<string, string> = {}): Promise<string> {
  const { pagination } = await page(`${list}?${query({ limit: '1', ...sort })}`);
  return pagination.next_cursor ?? '';
}

describe('every list of the API', () => {
  it('is known to this test', () => {
    expect(lists.length).toBeGreaterThan(18);
  });

  it('gives the same entries page by page in both styles, and counts them', async () => {
    for (const list of lists) {
      const { data, pagination } = await page(`${list}?limit=200`);
      expect([list, pagination]).toEqual([
        list,
        { total: data.length, total_is_estimate: false, next_cursor: null, has_more: false },
      ]);
      expect([list, await byCursor(list, {})]).toEqual([list, data]);
      expect([list, await byNumber(list, data.length)]).toEqual([list, data]);
      expect([list, (await page(`${list}?page=${data.length + 1}&page_size=1`)).data]).toEqual([list, []]);
    }
  });

  it('sorts by everything it names when asked to sort by something else, and backwards too', async () => {
    for (const list of lists) {
      const names = await sortable(list);
      expect([list, names.length]).toEqual([list, expect.toSatisfy((length: number) => length > 0)]);
      const { data } = await page(`${list}?limit=200`);
      for (const sort of names) {
        const upwards = await byCursor(list, { sort });
        expect([list, sort, new Set(upwards)]).toEqual([list, sort, new Set(data)]);
        expect([list, sort, await byCursor(list, { sort: `-${sort}` })]).toEqual([
          list,
          sort,
          upwards.toReversed(),
        ]);
      }
    }
  });

  it('refuses a cursor that was made for another sort, filter or list, or by nobody', async () => {
    const foreign = { '/rules': await firstCursor('/users'), other: await firstCursor('/rules') };
    for (const list of lists) {
      const [sort = ''] = await sortable(list);
      const cursor = await firstCursor(list, { sort });
      const flipped = `${cursor.slice(0, 10)}${cursor[10] === 'A' ? 'B' : 'A'}${cursor.slice(11)}`;
      const wrong: Record<string, string>[] = [
        { cursor, sort: `-${sort}` },
        { cursor, sort, q: 'something else' },
        { cursor: list === '/rules' ? foreign[list] : foreign.other },
        { cursor: flipped, sort },
        { cursor: cursor.slice(0, -3), sort },
        { cursor: 'not a cursor', sort },
        { cursor, sort, page: '2' },
      ];
      for (const parameters of wrong) {
        const { field } = await refusal(`${list}?${query(parameters)}`);
        expect([list, parameters, field]).toEqual([list, parameters, 'cursor']);
      }
      expect((await page(`${list}?${query({ cursor, sort })}`)).data.length).toBeGreaterThan(0);
    }
  });

  it('looks for a text with `q`', async () => {
    for (const list of lists) {
      expect([list, (await page(`${list}?q=nothing-has-this-text`)).data]).toEqual([list, []]);
    }
  });

  it('refuses sizes and pages that make no sense, naming the parameter', async () => {
    for (const list of lists) {
      for (const [name, value] of [
        ['page', '0'],
        ['page_size', '201'],
        ['limit', '0'],
        ['limit', 'many'],
      ] as const) {
        expect([list, value, (await refusal(`${list}?${name}=${value}`)).field]).toEqual([list, value, name]);
      }
      expect([list, (await refusal(`${list}?colour=red`)).field]).toEqual([list, 'colour']);
    }
  });
});
