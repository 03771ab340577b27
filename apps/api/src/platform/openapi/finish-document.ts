import type { OpenAPIObject } from '@nestjs/swagger';
import { ACCEPTS_YAML } from './describe.js';
import { runbookYaml, textValues } from './example-values.js';
import { Examples, type JsonSchema } from './example.js';
import { rateLimitComponents, rateLimitHeaders } from './rate-limit-headers.js';
import { behaviour, pathParameter } from './route-texts.js';
import { problemJsonSchema, problemResponses, problemStatuses } from './problem-responses.js';

interface Media {
  schema?: JsonSchema;
  example?: unknown;
  examples?: unknown;
}
interface Answer {
  description?: string;
  $ref?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, Media>;
}
/** The parts of an operation that are looked at here. */
export interface Operation {
  operationId?: string;
  description?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: { in: string; name: string; description?: string; schema?: JsonSchema }[];
  requestBody?: { content: Record<string, Media>; required?: boolean };
  responses: Record<string, Answer>;
  [extension: `x-${string}`]: unknown;
}
type Paths = Record<string, Record<string, Operation>>;

/**
 * What is the same for every route, added by rule: name and group by the path, the problems that it can answer, examples
 * that fit the schemas, the YAML body where one is taken.
 */
export function finishDocument(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, JsonSchema>;
  const examples = new Examples(schemas);
  const paths = structuredClone(document.paths) as unknown as Paths;
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const segments = path.split('/').filter((part) => part !== '' && part !== 'api' && part !== 'v1');
      operation.operationId = [method, ...segments].join('_').replaceAll(/[{}]/g, '').replaceAll('-', '_');
      operation.tags = [segments[0] ?? 'api'];
      nameParameters(operation, path);
      describe(operation, method);
      takeYaml(operation);
      addLocation(operation);
      allowFields(operation, schemas);
      if (path.startsWith('/api/v1/')) addRateLimits(operation);
      addProblems(operation, method, path);
      addExamples(operation, examples);
    }
  }
  const used = new Set(
    Object.values(paths).flatMap((each) => Object.values(each).flatMap(({ tags }) => tags)),
  );
  return {
    ...document,
    paths: byName(paths),
    tags: document.tags?.filter(({ name }) => used.has(name)),
    components: {
      ...document.components,
      schemas: byName({ ...schemas, Problem: problemJsonSchema() }),
      headers: rateLimitComponents(),
      responses: problemResponses() as never,
    },
  };
}

/** In an order that does not change with that of the modules. */
function byName<T>(named: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(named).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Those in the path that the handler reads by itself. */
function nameParameters(operation: Operation, path: string): void {
  const named = new Set((operation.parameters ?? []).map(({ name }) => name));
  const missing = [...path.matchAll(/\{(\w+)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !named.has(name));
  const parameters = missing.map((name) => ({
    in: 'path',
    name,
    required: true,
    schema: { type: 'string' },
  }));
  operation.parameters = [...(operation.parameters ?? []), ...parameters];
  for (const parameter of operation.parameters) {
    if (parameter.in === 'path') parameter.description ??= pathParameter(parameter.name, path);
  }
}

/** Those that say nothing of themselves say what is true of their kind; who may call it comes last. */
function describe(operation: Operation, method: string): void {
  const { description = '', parameters = [] } = operation;
  const takes = (name: string): boolean =>
    parameters.some((each) => each.in === 'query' && each.name === name);
  if (description.includes('\n\n')) return;
  const text = behaviour({ method, isList: takes('page_size'), hasFields: takes('fields') });
  if (text !== '') operation.description = `${text}\n\n${description}`;
}

function takeYaml(operation: Operation): void {
  if (operation[ACCEPTS_YAML] !== true) return;
  delete operation[ACCEPTS_YAML];
  if (operation.requestBody === undefined) return;
  operation.requestBody.content['application/yaml'] = { schema: { type: 'string' }, example: runbookYaml };
}

const location = {
  description: 'Where the resource is that was made or started',
  schema: { type: 'string', format: 'uri-reference' },
};

function addLocation(operation: Operation): void {
  const made = operation.responses['201'];
  if (made !== undefined) made.headers = { ...made.headers, Location: location };
}

/** Those of problems have them already. */
function addRateLimits(operation: Operation): void {
  for (const answer of Object.values(operation.responses)) {
    if (answer.$ref === undefined) answer.headers = { ...answer.headers, ...rateLimitHeaders };
  }
}

/** With `?fields=` an answer has only some of its fields. */
function allowFields(operation: Operation, schemas: Record<string, JsonSchema>): void {
  if (!(operation.parameters ?? []).some(({ in: place, name }) => place === 'query' && name === 'fields'))
    return;
  for (const media of Object.values(operation.responses['200']?.content ?? {})) {
    const items = media.schema?.properties?.['data'];
    if (items?.items) items.items = wholeOrPart(items.items, schemas);
    else if (media.schema !== undefined) media.schema = wholeOrPart(media.schema, schemas);
  }
}

function wholeOrPart(whole: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  const { properties } =
    whole.$ref === undefined ? whole : (schemas[whole.$ref.split('/').at(-1) ?? ''] ?? {});
  return { anyOf: [whole, { type: 'object', description: 'With `fields`: only those', properties }] };
}

function addProblems(operation: Operation, method: string, path: string): void {
  const facts = {
    isPublic: operation.security?.length === 0,
    hasBody: operation.requestBody !== undefined,
    takesInput: operation.requestBody !== undefined || (operation.parameters ?? []).length > 0,
    namesResource: path.includes('{'),
    changes: method !== 'get',
  };
  for (const [status, name] of problemStatuses(facts)) {
    operation.responses[status] ??= { $ref: `#/components/responses/${name}` };
  }
}

function addExamples(operation: Operation, examples: Examples): void {
  const typed = Object.values(operation.responses).flatMap(({ content = {} }) => Object.entries(content));
  for (const [type, media] of typed) {
    if (Object.hasOwn(textValues, type)) media.example = textValues[type];
  }
  const answers = typed.map(([, media]) => media);
  const component = answers.flatMap(({ schema }) => componentOf(schema) ?? [])[0] ?? '';
  const sent = Object.values(operation.requestBody?.content ?? {});
  for (const media of [...sent, ...answers]) {
    if (media.schema === undefined || media.example !== undefined || media.examples !== undefined) continue;
    media.example = examples.of(media.schema, { component, sent: sent.includes(media) });
  }
}

/** What a body is about: the component that it is. */
const componentOf = (schema: JsonSchema | undefined): string | undefined => schema?.$ref?.split('/').at(-1);
