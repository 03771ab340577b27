import type { Labels } from '@aiops/contracts';
import type { FieldError } from '../../platform/index.js';

/** Go's zero time, by which Alertmanager says "not set". */
const ZERO_TIME = '0001-01-01T00:00:00';
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an unreadable part of JSON is, in a sentence. */
export function typeName(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Text as PostgreSQL can store it: well-formed Unicode without NUL. */
export function storable(text: string): string {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  return formed.includes('\0') ? formed.replaceAll('\0', '\ufffd') : formed;
}

/** The same for whatever JSON a sender adds. */
export function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [storable(key), storableJson(part)]));
}

/** The fields of an object that are not in `known`, as they can be stored. */
export function unknownFields(value: JsonObject, known: ReadonlySet<string>): JsonObject {
  let extras: JsonObject | undefined;
  for (const key in value) {
    if (known.has(key)) continue;
    extras ??= {};
    extras[storable(key)] = storableJson(value[key]);
  }
  return extras ?? {};
}

/** Reads one alert of a message and collects what is wrong with it, each under the name of its field. */
export class FieldReader {
  readonly errors: FieldError[] = [];

  /** `path` is where the alert stands, e.g. `alerts.2`. */
  constructor(
    private readonly alert: JsonObject,
    private readonly path: string,
  ) {}

  fail(field: string, message: string): void {
    this.errors.push({ field: `${this.path}.${field}`, message });
  }

  /** Identifying labels: text only, at least one, empty values dropped as Alertmanager does. */
  labels(): Labels {
    const labels = this.textMap('labels', true);
    if (this.errors.length === 0 && Object.keys(labels).length === 0) {
      this.fail('labels', 'At least one label with a value is needed');
    }
    return labels;
  }

  annotations(): Labels {
    return this.textMap('annotations', false);
  }

  /** RFC 3339; null for a missing time and for Go's zero time. */
  time(field: string): Date | null {
    const value = this.alert[field];
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'string' && rfc3339.test(value)) {
      if (value.startsWith(ZERO_TIME)) return null;
      const time = new Date(value);
      if (!Number.isNaN(time.getTime())) return time;
    }
    this.fail(field, `Must be a time as in RFC 3339, e.g. 2026-01-31T12:00:00Z, and is ${describe(value)}`);
    return null;
  }

  text(field: string): string | null {
    const value = this.alert[field];
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'string') return storable(value);
    this.fail(field, `Must be text and is ${typeName(value)}`);
    return null;
  }

  private textMap(field: 'labels' | 'annotations', identifying: boolean): Labels {
    const value = this.alert[field];
    const result: Labels = {};
    if (value === undefined || value === null) return result;
    if (!isObject(value)) {
      this.fail(field, `Must be an object of texts and is ${typeName(value)}`);
      return result;
    }
    for (const name in value) {
      const text = value[name];
      if (typeof text !== 'string') this.fail(`${field}.${name}`, `Must be text and is ${typeName(text)}`);
      else if (name === '') this.fail(field, 'A name must not be empty');
      else if (identifying && (name.includes('\0') || text.includes('\0'))) {
        this.fail(`${field}.${storable(name)}`, 'Contains a NUL character, which cannot be stored');
      } else if (text !== '' || !identifying) result[storable(name)] = storable(text);
    }
    return result;
  }
}

const describe = (value: unknown): string =>
  typeof value === 'string' ? `"${value.slice(0, 60)}"` : typeName(value);
