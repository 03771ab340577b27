import { isDeepStrictEqual } from 'node:util';
import type { AuditSubjectKind } from '@aiops/contracts';
import { redactSecrets, redactText } from '../secrets/redact.js';

/** What an entry is about. */
export interface AuditSubject<K extends AuditSubjectKind = AuditSubjectKind> {
  kind: K;
  id: string | null;
  name: string | null;
}

type Values = Record<string, unknown>;

/** What is recorded of a change. Only `audited` makes one, so that nothing gets in that was not marked for it. */
export class AuditChange {
  private constructor(
    readonly before: Values | null,
    readonly after: Values | null,
  ) {}

  /** Keeps what differs between two states of one thing. */
  static between(before: Values | null, after: Values | null): AuditChange {
    const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    const differing = names.filter((name) => !isDeepStrictEqual(before?.[name], after?.[name]));
    const only = (values: Values | null): Values | null =>
      values &&
      Object.fromEntries(
        differing.filter((name) => Object.hasOwn(values, name)).map((name) => [name, masked(values[name])]),
      );
    return new AuditChange(redacted(only(before)), redacted(only(after)));
  }
}

interface Marks<T, K extends AuditSubjectKind> {
  kind: K;
  name: (item: T) => string | null;
  /** What may stand in the log. A property that is named neither here nor under `secret` never does. */
  fields: readonly (keyof T & string)[];
  /** Of these the log says that there is one, or that it was changed, and never the value. */
  secret?: readonly (keyof T & string)[];
}

/** What a service hands to the audit log about one of its things. */
export interface Audited<T, K extends AuditSubjectKind> {
  of(item: T): { subject: AuditSubject<K> };
  made(item: T): { subject: AuditSubject<K>; change: AuditChange };
  /** Keeps only what differs; the name is the one from before. */
  changed(before: T, after: T): { subject: AuditSubject<K>; change: AuditChange };
  /** Made when there was none before, else changed. */
  stored(before: T | null, after: T): { subject: AuditSubject<K>; change: AuditChange };
  removed(item: T): { subject: AuditSubject<K>; change: AuditChange };
}

/**
 * Says once for each kind of subject what of it may be recorded:
 * `const auditedTarget = audited<Target>()({ kind: 'target', name: (target) => target.name, fields: ['host', …] })`,
 * then `audit.record({ action: 'target.updated', ...auditedTarget.changed(before, after) })`.
 */
export const audited =
  <T extends { id: string | null }>() =>
  <K extends AuditSubjectKind>(marks: Marks<T, K>): Audited<T, K> => {
    const subject = (item: T): AuditSubject<K> => ({ kind: marks.kind, id: item.id, name: marks.name(item) });
    const values = (item: T): Values => recordable(item, marks.fields, marks.secret ?? []);
    return {
      of: (item) => ({ subject: subject(item) }),
      stored: (before, after) => ({
        subject: subject(before ?? after),
        change: AuditChange.between(before && values(before), values(after)),
      }),
      made: (item) => ({ subject: subject(item), change: AuditChange.between(null, values(item)) }),
      changed: (before, after) => ({
        subject: subject(before),
        change: AuditChange.between(values(before), values(after)),
      }),
      removed: (item) => ({ subject: subject(item), change: AuditChange.between(values(item), null) }),
    };
  };

/** Stands for a secret while states are compared; never written as it is. */
class Hidden {
  constructor(readonly value: unknown) {}
}

const MASK = '***';
const LONGEST_VALUE = 2_000;

function recordable<T>(item: T, fields: readonly (keyof T)[], secret: readonly (keyof T)[]): Values {
  const plain = fields.map((name) => [snakeCase(String(name)), asJson(item[name])] as const);
  const hidden = secret.map((name) => {
    const value = asJson(item[name]);
    return [snakeCase(String(name)), value === null ? null : new Hidden(value)] as const;
  });
  return Object.fromEntries([...plain, ...hidden].filter(([, value]) => value !== undefined));
}

const masked = (value: unknown): unknown => (value instanceof Hidden ? MASK : value);

/** The second net, for what was marked as harmless and is not: secrets inside of settings, in an address, in a text. */
const redacted = (values: Values | null): Values | null =>
  values === null ? null : (storable(redactSecrets(values)) as Values);

function storable(value: unknown): unknown {
  if (typeof value === 'string') return shortText(wellFormed(value), LONGEST_VALUE);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [wellFormed(name), storable(inner)]),
  );
}

/** What can be stored of a text, and not more than `longest` characters of it, without what looks like a secret. */
export const auditText = (text: string, longest: number): string =>
  shortText(redactText(wellFormed(text)), longest);

/** PostgreSQL takes neither NUL nor half a character. */
const wellFormed = (text: string): string => text.replaceAll('\0', '').toWellFormed();

const shortText = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}… (${text.length} characters)`;

const asJson = (value: unknown): unknown => {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? undefined : JSON.parse(text);
};

/** As on the wire. */
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
