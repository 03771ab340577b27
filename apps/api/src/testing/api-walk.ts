import type { OpenAPIObject } from '@nestjs/swagger';
import type { TestEngine } from './test-engine.js';

/** A `GET` of the API's document that lists things or gives one. */
export interface ReadRoute {
  /** As the document has it, without `/api/v1`: `/alerts/{id}/timeline`. */
  path: string;
  isList: boolean;
  parameters: string[];
  /** Names of the fields of what it gives, or of the items of its list. */
  fields: string[];
}

interface Schema {
  $ref?: string;
  type?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
}

/** Answers that are no resources: they have no fields to choose from. What somebody may do with a runbook is one whole. */
const notResources = new Set([
  '/executions/{id}/output',
  '/runbooks/{id}/access',
  '/auth/methods',
  '/auth/factors',
]);

/** Every list and every single resource that the document has. */
export async function readRoutes(engine: TestEngine): Promise<ReadRoute[]> {
  const { body: document } = await engine.api<OpenAPIObject>('GET', '/openapi.json');
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const resolve = (schema: Schema | undefined): Schema => {
    if (schema?.$ref !== undefined) return resolve(schemas[schema.$ref.split('/').at(-1) ?? '']);
    return schema?.anyOf?.[0] === undefined ? (schema ?? {}) : resolve(schema.anyOf[0]);
  };
  return Object.entries(document.paths).flatMap(([full, { get }]) => {
    const path = full.replace('/api/v1', '');
    const ok = get?.responses['200'];
    const json = ok !== undefined && 'content' in ok ? ok.content?.['application/json'] : undefined;
    if (!full.startsWith('/api/v1/') || json === undefined || notResources.has(path)) return [];
    const answer = resolve(json.schema);
    const isList = answer.properties?.['pagination'] !== undefined;
    const item = isList ? resolve(answer.properties?.['data']?.items) : answer;
    const parameters = (get?.parameters ?? []).flatMap((each) => ('name' in each ? [each.name] : []));
    return [{ path, isList, parameters, fields: Object.keys(item.properties ?? {}) }];
  });
}

type Item = Record<string, unknown>;
export interface Page {
  data: Item[];
  pagination: { total: number; next_cursor: string | null; has_more: boolean };
}

/** Addresses for a route: its parameters taken from the items of the lists that stand before them in its path. */
export async function addressesOf(engine: TestEngine, path: string): Promise<string[]> {
  const open = /^(.*?)\/\{(\w+)\}(.*)$/.exec(path);
  if (open === null) return [path];
  const [, list = '', parameter = '', rest = ''] = open;
  const { body } = await engine.api<Page>('GET', `${list}?limit=50`);
  const given = await Promise.all(
    body.data.map((item) => addressesOf(engine, `${list}/${textOf(item[parameter] ?? item['id'])}${rest}`)),
  );
  return given.flat();
}

const textOf = (value: unknown): string => encodeURIComponent(String(value));

/** An address at which a list has entries enough for a second page. @throws when nothing was made for it */
export async function filledList(engine: TestEngine, path: string): Promise<string> {
  for (const address of await addressesOf(engine, path)) {
    const { body } = await engine.api<Page>('GET', address);
    if (body.data.length >= 2) return address;
  }
  throw new Error(`GET ${path} has less than two entries: make three in testing/every-resource.ts`);
}

/** The address of one resource. @throws when nothing was made for it */
export async function oneResource(engine: TestEngine, path: string): Promise<string> {
  const [address] = await addressesOf(engine, path);
  if (address === undefined) throw new Error(`No ${path}: make one in testing/every-resource.ts`);
  return address;
}
